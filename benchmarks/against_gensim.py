"""Skip-gram with negative sampling, side by side with gensim's: speed and quality in one run.

    python benchmarks/against_gensim.py --data DIR [--embedding-dims 100 300] [--seeds 1 2 3]

DIR holds, at any depth, fil8.txt (or fil8.txt.xz), the first 74 % of text8, and
SimLex999.tsv (word, word and rating, separated by tabs). Both systems train on
one file, fil8 broken into lines of 1,000 words: gensim cuts longer lines at
10,000 words and trains on nothing more.

What is timed is training proper, without reading, counting and compiling, and
it counts only if each trained on epochs × tokens: ours exactly, gensim but for
the batches that its workers read twice where their parts meet. The systems take
turns, so that a machine which slows down slows down all of them; skipgram
trains with one thread as well. Settings: window 5, 5 negatives, subsampling
1e-4, min count 5.

Scores are means over seeds, on the items whose words are known: cosine of unit
vectors; similarity over all words; 3CosAdd analogies in Google's questions
among the 30,000 most frequent words, the same list for both. Their differences
come with the interval that holds 95 % of a paired bootstrap over the items.
"""

import argparse
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judging import Judge, Results, told, told_difference, told_surely
from systems import Text, Training, train_gensim, train_skipgram
from texts import add_data_option, fil8_in_lines

from skipgram import __version__

OURS, THEIRS, ONE_THREAD = "skipgram", "gensim", "skipgram, one thread"


@dataclass
class Runs:
    """What one system did, seed by seed."""

    speeds: list[float] = field(default_factory=list)
    """words a second"""
    results: list[Results] = field(default_factory=list)

    def add(self, training: Training, results: Results) -> None:
        self.speeds.append(training.words_per_second)
        self.results.append(results)


def compare(
    text: Text, judge: Judge, dim: int, chosen: argparse.Namespace, rates: dict[str, float]
) -> None:
    """Train all systems in turn, seed by seed, and print what comes of it."""
    runs = {system: Runs() for system in (OURS, THEIRS, ONE_THREAD)}
    for seed in chosen.seeds:
        for system, run in runs.items():
            train = train_gensim if system == THEIRS else train_skipgram
            values: dict[str, Any] = {
                "embedding_dim": dim,
                "epochs": chosen.epochs,
                "learning_rate": rates[THEIRS if system == THEIRS else OURS],
                "threads": 1 if system == ONE_THREAD else chosen.threads,
                "seed": seed,
            }
            training = train(text, **values)
            results = judge.results(training.vectors)
            run.add(training, results)
            print(
                f"d {dim}  seed {seed}  {system:21} {training.words_per_second / 1e3:7,.0f} "
                f"k words/s  {told(judge.scores(results))}",
                flush=True,
            )
    for system, run in runs.items():
        mean_speed = statistics.fmean(run.speeds)
        print(
            f"d {dim}  mean    {system:21} {mean_speed / 1e3:7,.0f} k words/s  "
            f"{told(judge.mean_scores(run.results))}\n{told_surely(judge.sure_scores(run.results))}"
        )
    tell_ratio(f"d {dim}  skipgram / gensim", runs[OURS], runs[THEIRS])
    tell_ratio(f"d {dim}  skipgram, {chosen.threads} threads / one", runs[OURS], runs[ONE_THREAD])
    differences = judge.differences(runs[OURS].results, runs[THEIRS].results)
    for name, difference in differences.items():
        print(f"d {dim}  skipgram - gensim, {name}: {told_difference(difference)}", flush=True)


def tell_ratio(name: str, ones: Runs, others: Runs) -> None:
    """Of words a second, seed by seed."""
    ratios = [one / other for one, other in zip(ones.speeds, others.speeds, strict=True)]
    listed = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"{name}, words a second: {listed}; median {statistics.median(ratios):.2f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--embedding-dims", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--rate", type=float, default=0.025, help="skipgram's learning rate")
    parser.add_argument("--gensim-rate", type=float, default=0.025)
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    rates = {OURS: chosen.rate, THEIRS: chosen.gensim_rate}
    with tempfile.TemporaryDirectory() as folder:
        text = Text.of(fil8_in_lines(chosen.data, Path(folder)))
        judge = Judge(chosen.data)
        print(
            f"skipgram {__version__}: {chosen.epochs} epochs of {text.tokens:,} words, "
            f"{len(text.corpus.vocabulary):,} types, {chosen.threads} threads, "
            f"rates {chosen.rate:g} and {chosen.gensim_rate:g}"
        )
        for dim in chosen.embedding_dims:
            compare(text, judge, dim, chosen, rates)


if __name__ == "__main__":
    main()
