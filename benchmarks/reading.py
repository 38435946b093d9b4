"""Text to vocabulary and ids: megabytes a second, on one core and on two, and gensim's counting.

    python benchmarks/reading.py --data DIR [--least-mb 1000] [--rounds 3]

DIR holds fil8.txt and pg20m.txt, packed with xz or not. Each is repeated to the
least size, so that start and compilation do not count, and lies in the page
cache. fil8 is cut into lines of 1,000 words, since gensim cuts longer ones.

The answer is checked first: on the text once, ids and line ends against
`bytes.split`. One core means that the whole process may use one (its affinity);
two cores, two threads. gensim's `build_vocab` counts words and makes no ids; it
has one core.
"""

import argparse
import logging
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from texts import add_data_option, in_lines, repeated, text_of

import skipgram

CORES = sorted(os.sched_getaffinity(0))


def check(text: bytes, file: Path) -> None:
    """Compare the ids of a text with those of plain Python."""
    file.write_bytes(text)
    corpus = skipgram.encode(file, min_count=5, threads=2, progress=False)
    lines = [line.split() for line in text.split(b"\n")]
    counts = Counter(word for line in lines for word in line)
    by_count = sorted(counts.items(), key=lambda item: -item[1])
    words = [word for word, count in by_count if count >= 5]
    ids = {word: number for number, word in enumerate(words)}
    kept = [[ids[word] for word in line if word in ids] for line in lines]
    expected = np.array([number for line in kept for number in line])
    ends = np.cumsum([len(line) for line in kept if line])
    assert list(corpus.vocabulary) == [word.decode() for word in words]
    np.testing.assert_array_equal(corpus.ids, expected)
    np.testing.assert_array_equal(corpus.line_ends, ends)


def encode(file: Path, threads: int, **settings: Any) -> None:
    skipgram.encode(file, threads=threads, progress=False, **settings)


def build_vocab(file: Path) -> None:
    from gensim.models import Word2Vec

    Word2Vec(min_count=5).build_vocab(corpus_file=str(file))


def megabytes_a_second(work: Callable[[], None], size: int, cores: int) -> float:
    os.sched_setaffinity(0, CORES[:cores])
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    os.sched_setaffinity(0, CORES)
    return size / 1e6 / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--least-mb", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-gensim", action="store_true")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text"
        for name in ("fil8.txt", "pg20m.txt"):
            text = text_of(chosen.data, name)
            text = in_lines(text) if name == "fil8.txt" else text
            check(text, file)
            print(f"{name}: {len(text):,} bytes; ids and line ends as from bytes.split", flush=True)
            times = repeated(text, chosen.least_mb * 1_000_000, file)
            size = times * len(text)
            runs: dict[str, tuple[int, Callable[[], None]]] = {
                "whitespace, one core": (1, lambda: encode(file, 1)),
                "whitespace, two cores": (2, lambda: encode(file, 2)),
                "words, one core": (1, lambda: encode(file, 1, tokenizer="words")),
                "gensim build_vocab": (1, lambda: build_vocab(file)),
            }
            if name == "fil8.txt":
                del runs["words, one core"]
            if chosen.no_gensim:
                del runs["gensim build_vocab"]
            speeds: dict[str, list[float]] = {run: [] for run in runs}
            for _ in range(chosen.rounds):
                for run, (cores, work) in runs.items():
                    speeds[run].append(megabytes_a_second(work, size, cores))
                    print(f"  {run:22} {speeds[run][-1]:6.0f} MB/s", flush=True)
            medians = {run: statistics.median(found) for run, found in speeds.items()}
            one, two = medians["whitespace, one core"], medians["whitespace, two cores"]
            print(f"{name}, {times} times, {size / 1e6:,.0f} MB, medians of {chosen.rounds}:")
            for run, median in medians.items():
                print(f"  {run:22} {median:6.0f} MB/s")
            print(f"  two cores / one        {two / one:6.2f}")
            if not chosen.no_gensim:
                gensim = medians["gensim build_vocab"]
                print(f"  one core / gensim      {one / gensim:6.2f}")
                print(f"  two cores / gensim     {two / gensim:6.2f}", flush=True)


if __name__ == "__main__":
    main()
