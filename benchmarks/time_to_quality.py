"""How long it takes to be as good at analogies as gensim's five epochs.

    python benchmarks/time_to_quality.py --data DIR [--choices 2:0.05 3:0.05] [--seeds 1 2 3]

DIR holds fil8.txt, packed with xz or not, and SimLex999.tsv. The mark is
gensim's mean score over the seeds, after 5 epochs, at the better of its rates
.025 and .05. skipgram is tried with several choices of epochs and rate. The
quickest whose mean reaches the mark is then trained once more, beside gensim
and in turn with it, with other seeds: a choice that won by luck does not win
twice. That second comparison is the result. All is as in against_gensim.py:
training proper is timed, and the answer checked.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from judging import Judge, Results, told_difference, told_surely
from systems import Text, Training, train_gensim, train_skipgram
from texts import add_data_option, fil8_in_lines

from skipgram.evaluation.comparison import SystemScore

SET = "analogies"
GENSIM_EPOCHS = 5
GENSIM_RATES = (0.025, 0.05)


class Choice(NamedTuple):
    """How long to train, and in what steps."""

    epochs: int
    rate: float

    @classmethod
    def read(cls, text: str) -> "Choice":
        epochs, rate = text.split(":")
        return cls(int(epochs), float(rate))

    def __str__(self) -> str:
        return f"{self.epochs} epochs at {self.rate:g}"


@dataclass(frozen=True)
class Outcome:
    """What some seeds of one choice came to."""

    seconds: list[float]
    results: list[Results]
    score: float

    def __str__(self) -> str:
        return f"{statistics.fmean(self.seconds):7.1f} s  {SET} {self.score:.3f}"


@dataclass(frozen=True)
class Course:
    """What stays the same from run to run."""

    text: Text
    judge: Judge
    values: dict[str, Any]

    def run(
        self, train: Callable[..., Training], choice: Choice, seed: int
    ) -> tuple[float, Results]:
        """Seconds, and the results on all items."""
        own = {"epochs": choice.epochs, "learning_rate": choice.rate, "seed": seed}
        training = train(self.text, **self.values, **own)
        return training.seconds, self.judge.results(training.vectors)

    def outcome(self, runs: list[tuple[float, Results]]) -> Outcome:
        results = [each for _, each in runs]
        score = self.judge.mean_scores(results)[SET]
        return Outcome([seconds for seconds, _ in runs], results, score)

    def sure(self, outcome: Outcome) -> list[SystemScore]:
        """The score with its interval, the spread over seeds and the coverage."""
        return [of for of in self.judge.sure_scores(outcome.results) if of.set_name == SET]

    def try_seeds(
        self, train: Callable[..., Training], choice: Choice, seeds: list[int]
    ) -> Outcome:
        return self.outcome([self.run(train, choice, seed) for seed in seeds])


def mark_of(course: Course, seeds: list[int]) -> tuple[Choice, Outcome]:
    """The better of gensim's rates, and what it comes to."""
    outcomes = {}
    for choice in (Choice(GENSIM_EPOCHS, rate) for rate in GENSIM_RATES):
        outcomes[choice] = course.try_seeds(train_gensim, choice, seeds)
        print(f"gensim    {choice!s:18} {outcomes[choice]}", flush=True)
    return max(outcomes.items(), key=lambda item: item[1].score)


def quickest(course: Course, choices: list[Choice], mark: float, seeds: list[int]) -> Choice:
    """Of the choices that reach the mark, the one with the fewest seconds."""
    reached = {}
    for choice in choices:
        outcome = course.try_seeds(train_skipgram, choice, seeds)
        print(f"skipgram  {choice!s:18} {outcome}", flush=True)
        if outcome.score >= mark:
            reached[choice] = statistics.fmean(outcome.seconds)
    if not reached:
        sys.exit(f"no choice reaches {mark:.3f}; give others with --choices")
    return min(reached, key=lambda choice: reached[choice])


def confirm(course: Course, ours: Choice, theirs: Choice, seeds: list[int]) -> None:
    """Both again with other seeds, in turn."""
    pairs = [
        (course.run(train_skipgram, ours, seed), course.run(train_gensim, theirs, seed))
        for seed in seeds
    ]
    one, other = (course.outcome(list(runs)) for runs in zip(*pairs, strict=True))
    difference = course.judge.differences(one.results, other.results)[SET]
    ratios = [their / our for our, their in zip(one.seconds, other.seconds, strict=True)]
    print(f"again, seeds {', '.join(map(str, seeds))}:")
    for name, choice, outcome in (("skipgram", ours, one), ("gensim", theirs, other)):
        print(f"{name:9} {choice!s:18} {outcome}\n{told_surely(course.sure(outcome))}")
    print(f"skipgram - gensim, {SET}: {told_difference(difference)}")
    print(
        f"gensim / skipgram, seconds: {', '.join(f'{ratio:.2f}' for ratio in ratios)}; "
        f"median {statistics.median(ratios):.2f}; "
        f"the mark is {'reached' if one.score >= other.score else 'NOT REACHED'} again"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--other-seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--embedding-dim", type=int, default=100)
    default = ["2:0.05", "2:0.075", "2:0.1", "3:0.05", "3:0.075", "4:0.05", "5:0.05"]
    parser.add_argument(
        "--choices", type=Choice.read, nargs="+", default=[Choice.read(text) for text in default],
        help="epochs:rate",
    )  # fmt: skip
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    with tempfile.TemporaryDirectory() as folder:
        text = Text.of(fil8_in_lines(chosen.data, Path(folder)))
        values = {"embedding_dim": chosen.embedding_dim, "threads": chosen.threads}
        course = Course(text, Judge(chosen.data), values)
        theirs, mark = mark_of(course, chosen.seeds)
        print(f"the mark is {mark.score:.3f}, gensim's {theirs}")
        ours = quickest(course, chosen.choices, mark.score, chosen.seeds)
        confirm(course, ours, theirs, chosen.other_seeds)


if __name__ == "__main__":
    main()
