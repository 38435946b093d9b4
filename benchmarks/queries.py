"""Exact top-10 queries beside gensim's: shapes, processes, idle and busy cores, settings of BLAS.

    python benchmarks/queries.py [--shapes 400000x50 ...] [--queries 80]

Random rows of float32. Every process asks both systems in turn, a few queries of each, after it
has checked that they answer alike, and rests in between, so that neither meets the other's idle
threads; the table has the medians over all queries of all processes. "Busy": a process that
only counts, for each core. OpenBLAS's variables as they are found, all unset, and with one thread.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

SHAPES = ("400000x50", "400000x100", "400000x300")
K = 10
IN_TURN, REST_SECONDS = 10, 0.05
FEW, MANY = 5, 200
"""Queries in one go."""
FEW_ROUNDS, MANY_ROUNDS, MANY_OF_GENSIM = 12, 2, 10
BLAS = {"as found": {}, "unset": None, "one thread": {"OPENBLAS_NUM_THREADS": "1"}}
BURN = "while True:\n    pass"
LABELS = {"one": "one query", "few": f"{FEW} in one go", "many": f"{MANY} in one go"}


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def ask(file: Path, queries: int) -> None:
    """One process: load, check, wait for the others, then ask both systems in turn."""
    from gensim.models import KeyedVectors

    import skipgram

    matrix = np.load(file)
    words = [f"w{number}" for number in range(len(matrix))]
    keyed: Any = KeyedVectors(matrix.shape[1])
    keyed.add_vectors(words, matrix)
    vectors = skipgram.WordVectors.from_gensim(keyed)
    drawn = [words[n] for n in np.random.default_rng(os.getpid()).permutation(len(words))]
    for word, found in zip(drawn[:MANY], vectors.most_similar_each(drawn[:MANY], K), strict=True):
        if word in drawn[:5]:
            expected = keyed.most_similar(word, topn=K)
            for answers in (found, vectors.most_similar(word, k=K)):
                np.testing.assert_allclose(
                    [near.similarity for near in answers], [one for _, one in expected], atol=1e-5
                )
    print("ready", flush=True)
    sys.stdin.readline()
    taken: dict[str, list[list[float]]] = {name: [[], []] for name in LABELS}
    for turn, start in enumerate(range(0, queries, IN_TURN)):
        for side in (0, 1) if turn % 2 else (1, 0):
            time.sleep(REST_SECONDS)
            for word in drawn[start : start + IN_TURN]:
                asked: Callable[[], object] = (
                    partial(vectors.most_similar, word, k=K)
                    if side == 0
                    else partial(keyed.most_similar, word, topn=K)
                )
                taken["one"][side].append(seconds(asked))
    for name, rounds, count, few in (
        ("few", FEW_ROUNDS, FEW, FEW),
        ("many", MANY_ROUNDS, MANY, MANY_OF_GENSIM),
    ):
        for start in range(rounds):
            some = drawn[start * count : (start + 1) * count]
            time.sleep(REST_SECONDS)
            ours = seconds(partial(vectors.most_similar_each, some, K))
            taken[name][0].append(ours / count)
            time.sleep(REST_SECONDS)
            theirs = seconds(lambda: [keyed.most_similar(word, topn=K) for word in some[:few]])  # noqa: B023
            taken[name][1].append(theirs / few)
    print(json.dumps(taken), flush=True)


def measured(
    file: Path, processes: int, busy: bool, blas: dict[str, str] | None, queries: int
) -> dict[str, list[list[float]]]:
    """Seconds a query, ours and gensim's, of all processes."""
    environment = {**os.environ, **(blas or {})}
    if blas is None:
        environment = {k: v for k, v in environment.items() if not k.startswith("OPENBLAS_")}
    command = [sys.executable, __file__, "--ask", str(file), "--queries", str(queries)]
    with ExitStack() as running:
        asking = [
            running.enter_context(
                subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                    env=environment,
                )
            )
            for _ in range(processes)
        ]  # fmt: skip
        for process in asking:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", "a process failed before its queries"
        burning = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(_cores() * busy)]
        try:
            for process in asking:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            found = [json.loads(process.communicate()[0]) for process in asking]
        finally:
            for burner in burning:
                burner.kill()
                burner.wait()
    return {
        name: [[second for one in found for second in one[name][side]] for side in (0, 1)]
        for name in LABELS
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def row(found: Sequence[Sequence[float]]) -> str:
    ours, theirs = (statistics.median(side) * 1e3 for side in found)
    return f"{ours:8.2f} {theirs:8.2f}  {ours / theirs:5.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shapes", nargs="+", default=SHAPES)
    parser.add_argument("--queries", type=int, default=80)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask is not None:
        ask(given.ask, given.queries)
        return
    set_here = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    print(f"{_cores()} cores; OpenBLAS's variables as found: {set_here or 'none'}")
    print(f"{'rows':11} {'BLAS':11} {'cores':5} {'processes':9} {'':14}", end="")
    print("    ours   gensim  ms; ours / gensim")
    worst = 0.0
    for shape in given.shapes:
        rows, columns = map(int, shape.split("x"))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows.npy"
            np.save(file, np.random.default_rng(1).standard_normal((rows, columns), np.float32))
            for blas in BLAS:
                for busy in (False, True):
                    for processes in (1, 4):
                        found = measured(file, processes, busy, BLAS[blas], given.queries)
                        for name, label in LABELS.items():
                            told = row(found[name])
                            worst = max(worst, float(told.split()[2]))
                            cores = "busy" if busy else "idle"
                            print(f"{shape:11} {blas:11} {cores:5} {processes:9} {label:14} {told}")
                        sys.stdout.flush()
    print(f"at worst {worst:.2f} of gensim's median")


if __name__ == "__main__":
    main()
