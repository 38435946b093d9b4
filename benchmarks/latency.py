"""How long a person waits: help, a query, loading, a suggestion for a word that is unknown.

    python benchmarks/latency.py

Whole commands include the start of Python; the median of nine runs is shown.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

import skipgram
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import UnknownWordError
from skipgram.vectors.word_vectors import WordVectors

RUNS = 9


def median_seconds(act: Callable[[], object]) -> float:
    act()
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def command(*arguments: str | Path) -> Callable[[], object]:
    line = [sys.executable, "-m", "skipgram", *map(str, arguments)]
    return lambda: subprocess.run(line, check=True, capture_output=True)


def random_vectors(vocab_size: int, embedding_dim: int) -> WordVectors:
    random = np.random.default_rng(0)
    letters = random.integers(ord("a"), ord("z") + 1, (vocab_size, 8)).astype(np.uint8)
    words = [row.tobytes().decode() + str(number) for number, row in enumerate(letters)]
    matrix = random.standard_normal((vocab_size, embedding_dim)).astype(np.float32)
    share = np.full(vocab_size, 1 / vocab_size)
    counts = np.arange(vocab_size, 0, -1)
    return WordVectors(Vocabulary(words, counts), matrix, matrix, share, share)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "vectors"
        vectors = random_vectors(60_000, 100)
        vectors.save(folder)
        large = random_vectors(400_000, 1)

        def suggest() -> None:
            with suppress(UnknownWordError):
                large.vocabulary.id("anthropolgy")

        waits = {
            "skipgram --help": command("--help"),
            "skipgram neighbors, 60,000 × 100": command("neighbors", folder, vectors.words[0]),
            "skipgram.load, 60,000 × 100": lambda: skipgram.load(folder),
            "suggestion among 400,000 words": suggest,
        }
        for name, act in waits.items():
            print(f"{name:34} {median_seconds(act) * 1e3:7.0f} ms", flush=True)


if __name__ == "__main__":
    main()
