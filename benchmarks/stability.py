"""Negative sampling where windows are wide and rates high: exact steps beside shortened ones.

    python benchmarks/stability.py [--data FOLDER]

Five texts that make long steps: topics (20 topics of 50 items, a topic a line), two words at
random, twenty words at random, bursts (a word up to sixty times in a row), and two words in
turn. Three epochs, whole windows, one thread. "reach" is the learning rate times the pairs of a
window; where it is above 0.4, steps are checked. Then threads share two words: of 100 trainings,
how many diverge or end with a loss above that of zero vectors, with and without counting the other
threads. With a folder that holds fil8.txt, the price of checking is measured on it as well, each
way in turn, five times.
"""

import argparse
import math
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np

import skipgram
from skipgram.errors import SkipgramError
from skipgram.training.events import EpochEnd, Event, Finished
from skipgram.training.negative_sampling import hogwild
from skipgram.training.negative_sampling.stability import OtherThreads

SETTINGS = [
    (0.035, 5), (0.05, 5), (0.035, 10), (0.025, 15), (0.05, 10), (0.1, 5), (0.05, 15),
    (0.1, 10), (0.035, 30), (0.3, 5), (0.05, 30), (0.035, 100), (0.5, 5),
]  # fmt: skip
"""Learning rate and window."""
SHARED = [(0.2, 1, 2), (0.04, 5, 2), (0.04, 5, 8), (0.02, 10, 2), (0.3, 30, 2), (0.3, 30, 8)]
"""Learning rate, window and threads, for two words."""


def texts() -> dict[str, list[list[str]]]:
    draws = random.Random(1)

    def line(words: int, length: int, first: int = 0) -> list[str]:
        return [str(first + draws.randrange(words)) for _ in range(length)]

    def bursts() -> list[str]:
        return [word for word in line(300, 7) for _ in range(draws.randrange(1, 60))]

    return {
        "topics": [line(50, 150, 50 * draws.randrange(20)) for _ in range(200)],
        "two words": [line(2, 300) for _ in range(100)],
        "twenty words": [line(20, 300) for _ in range(100)],
        "bursts": [bursts() for _ in range(200)],
        "in turn": [["a", "b"] * 100 for _ in range(100)],
    }


def train(corpus: object, *, bounded: bool, **settings: object) -> tuple[str, list[Event]]:
    """What became of a training, in words, and its events."""
    setattr(hogwild, "is_bounded", lambda *of: bounded)  # noqa: B010  (mypy sees no export)
    events: list[Event] = []
    observe: Callable[[object], None] = events.append  # type: ignore[assignment]
    try:
        vectors = skipgram.train(corpus, threads=1, observe=observe, progress=False, **settings)  # type: ignore[arg-type]
    except SkipgramError as error:
        return ("not finite" if "finite" in str(error) else "diverged"), events
    ends = [event for event in events if isinstance(event, EpochEnd)]
    share = sum(end.shortened_pairs for end in ends) / sum(end.pairs for end in ends)
    largest = float(np.abs(vectors.matrix).max())
    return f"{ends[0].loss:.2f} → {ends[-1].loss:.2f}, {largest:.1f}, {share:.0%}", events


def stability() -> None:
    print(f"loss of the first and the last epoch (vectors of zero: {6 * math.log(2):.2f}),")
    print("the largest number of a vector, and the share of pairs whose step was shortened\n")
    for name, corpus in texts().items():
        print(f"{name:12}  reach  {'exact steps':28}  shortened where too long")
        for rate, window in SETTINGS:
            settings = {
                "learning_rate": rate, "window": window, "window_width": "fixed", "epochs": 3,
                "embedding_dim": 32, "min_count": 1, "subsample": 0,
            }  # fmt: skip
            told = [train(corpus, bounded=bounded, **settings)[0] for bounded in (False, True)]
            print(f"{rate:5} × 2·{window:<3}  {2 * window * rate:5.2f}  {told[0]:28}  {told[1]}")
        print()


def sharing() -> None:
    print("threads that share two words: failures of 100 trainings, other threads counted or not")
    of = OtherThreads.of
    for name in ("two words", "in turn"):
        corpus = texts()[name][:50]
        for rate, window, threads in SHARED:
            settings = {
                "learning_rate": rate, "window": window, "window_width": "fixed", "epochs": 3,
                "embedding_dim": 16, "min_count": 1, "subsample": 0, "threads": threads,
            }  # fmt: skip
            counted = sum(fails(corpus, **settings) for _ in range(100))
            with patch.object(OtherThreads, "of", lambda task, threads: of(task, 1)):
                ignored = sum(fails(corpus, **settings) for _ in range(100))
            print(f"{name:10} {rate:5} × 2·{window:<3} {threads} threads: {counted:3} {ignored:3}")
    print()


def fails(corpus: object, **settings: object) -> bool:
    """Whether a training ends in an error, or with an epoch worse than vectors of zero."""
    events: list[Event] = []
    try:
        skipgram.train(corpus, observe=events.append, progress=False, **settings)  # type: ignore[arg-type]
    except SkipgramError:
        return True
    return max(event.loss for event in events if isinstance(event, EpochEnd)) > 6 * math.log(2)


def price(corpus: Path) -> None:
    print("words a second on fil8, one epoch, one thread: checked / exact, median of five pairs")
    for window in (5, 10, 15):
        rates: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(5):
            for bounded in (False, True):
                _, events = train(corpus, bounded=bounded, window=window, epochs=1)
                (finished,) = (event for event in events if isinstance(event, Finished))
                rates[bounded].append(finished.tokens_per_second)
        ratio = statistics.median(b / e for b, e in zip(rates[True], rates[False], strict=True))
        exact = statistics.median(rates[False])
        print(f"window {window:2}: {ratio:.3f} of {exact / 1e6:.2f} M words a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path)
    arguments = parser.parse_args()
    sharing()
    stability()
    if arguments.data is not None and (corpus := arguments.data / "fil8.txt").is_file():
        price(corpus)


if __name__ == "__main__":
    main()
