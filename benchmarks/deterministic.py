"""What the same bits cost: the deterministic mode against the fast one, in turn.

    python benchmarks/deterministic.py --data DIR [--seeds 1 2 3] [--embedding-dim 100]

DIR holds fil8.txt, packed with xz or not, and SimLex999.tsv. The answer is
checked first: on the beginning of the text, one thread and several give the
same bits. Then both modes train with the same settings, seed by seed, each in
a process of its own, so that its anonymous memory (RssAnon) is its own: that
of interpreter, libraries, kernels, matrices, and what the mode needs besides.
Times are those of training proper. Scores and their differences are as in
against_gensim.py.
"""

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from anonymous import Peak
from judging import Judge, Results, told, told_difference, told_surely
from systems import Text, train_skipgram
from texts import add_data_option, fil8_in_lines

import skipgram
from skipgram.corpus.encoded import EncodedCorpus

MODES = {"deterministic": True, "fast": False}
CHECKED_TOKENS = 300_000


def measure(corpus: str, center: str, values: str) -> None:
    """Train, leave the center vectors in a file, and print what `alone` reads."""
    text = Text(Path(corpus), EncodedCorpus.load(corpus))
    peak = Peak()
    peak.start()
    training = train_skipgram(text, **json.loads(values))
    V = np.asarray(training.vectors.center)
    np.save(center, V)
    found = {
        "words_per_second": training.words_per_second,
        "pairs": training.pairs,
        "peak_bytes": peak.peak_bytes,
        "matrix_bytes": 2 * V.nbytes,
        "sha256": hashlib.sha256(V.tobytes()).hexdigest(),
    }
    print(json.dumps(found))


def alone(corpus: Path, center: Path, **values: Any) -> dict[str, Any]:
    """Train in a process of its own."""
    line = [sys.executable, __file__, "--do", str(corpus), str(center), json.dumps(values)]
    done = subprocess.run(line, check=True, stdout=subprocess.PIPE)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def require_same_bits(corpus: EncodedCorpus, folder: Path, values: dict[str, Any]) -> None:
    """One thread, two and three on the beginning of the text."""
    beginning = folder / "beginning"
    corpus.slice_tokens(0, min(CHECKED_TOKENS, len(corpus))).save(beginning)
    values = values | {"deterministic": True, "epochs": 1, "subsample": 0.0}
    digests = {
        threads: alone(beginning, folder / "center.npy", **values | {"threads": threads})["sha256"]
        for threads in (1, 2, 3)
    }
    if len(set(digests.values())) > 1:
        sys.exit(f"the bits differ by the number of threads: {digests}")
    print("one, two and three threads give the same bits", flush=True)
    # Compiling takes memory of its own, so it is over before memory is compared.
    alone(beginning, folder / "center.npy", **values | {"deterministic": False})


def compare(
    text: Text, judge: Judge, folder: Path, values: dict[str, Any], seeds: list[int]
) -> None:
    """Both modes in turn, seed by seed, and their ratio."""
    corpus, center = folder / "corpus", folder / "center.npy"
    speeds: dict[str, list[float]] = {mode: [] for mode in MODES}
    results: dict[str, list[Results]] = {mode: [] for mode in MODES}
    for seed in seeds:
        for mode, is_deterministic in MODES.items():
            own = {"deterministic": is_deterministic, "seed": seed}
            found = alone(corpus, center, **values, **own)
            speeds[mode].append(found["words_per_second"])
            results[mode].append(judge.results(text.vectors(np.load(center))))
            print(
                f"seed {seed}  {mode:13} {found['words_per_second'] / 1e3:7,.0f} k words/s  "
                f"{told(judge.scores(results[mode][-1]))}  {found['pairs']:,} pairs  "
                f"RssAnon {found['peak_bytes'] / 1e6:,.0f} MB, matrices "
                f"{found['matrix_bytes'] / 1e6:,.0f} MB of it",
                flush=True,
            )
    for mode in MODES:
        print(
            f"mean    {mode:13} {statistics.fmean(speeds[mode]) / 1e3:7,.0f} k words/s  "
            f"{told(judge.mean_scores(results[mode]))}\n"
            f"{told_surely(judge.sure_scores(results[mode]))}"
        )
    ratios = [slow / fast for slow, fast in zip(*speeds.values(), strict=True)]
    listed = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"deterministic / fast, words a second: {listed}; median {statistics.median(ratios):.2f}")
    for name, difference in judge.differences(*results.values()).items():
        print(f"deterministic - fast, {name}: {told_difference(difference)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--embedding-dim", type=int, default=100)
    parser.add_argument("--rate", type=float, default=0.035)
    parser.add_argument("--do", nargs=3, help=argparse.SUPPRESS)
    if "--do" not in sys.argv:  # this needs no data
        add_data_option(parser)
    chosen = parser.parse_args()
    if chosen.do:
        measure(*chosen.do)
        return
    values: dict[str, Any] = {
        "embedding_dim": chosen.embedding_dim,
        "epochs": chosen.epochs,
        "learning_rate": chosen.rate,
        "threads": chosen.threads,
    }
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = fil8_in_lines(chosen.data, folder)
        text = Text(file, skipgram.encode(file, folder / "corpus", progress=False))
        require_same_bits(text.corpus, folder, values)
        judge = Judge(chosen.data)
        compare(text, judge, folder, values, chosen.seeds)


if __name__ == "__main__":
    main()
