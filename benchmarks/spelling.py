"""Spelling within the exact softmax, beside the same without it and beside fastText.

    python benchmarks/spelling.py --data DIR [--texts fil8 pg20m] [--words 20000 0] [--seeds 1 2 3]

DIR holds, at any depth, fil8.txt and pg20m.txt (or .xz), SimLex999.tsv and MEN-TR-3k.tsv. All
systems train on one file with one vocabulary: this many of the most frequent words (0: all that
are seen 5 times or more), fil8 in lines of 1,000 words, pg20m in sentences of lower-cased words.
fastText (`pip install fasttext-community`): skip-gram, n-grams of 3 to 6, 100 numbers, 5 epochs,
rate .05, 2 million buckets; it takes no seed, but its threads make each run another.

Ours is timed from the encoded corpus to vectors, counting of pairs, n-grams and the last regression
included; fastText from the text to its model, whose reading takes it some seconds. A size is that
of the saved folder or .bin, with all that is needed for unknown words.

Scores are means over seeds; their differences come with the interval that holds 95 % of a paired
bootstrap over the items. Analogies are asked among the first 30,000 words. --shares draws the plot
of the scores by how much of what spelling says is shown, of the first seed, with their intervals.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from exact_softmax import TEXTS
from exact_softmax import texts as texts_of
from judging import Judge, Results, told, told_difference, told_surely
from systems import Text
from texts import add_data_option

import skipgram
from skipgram.evaluation.comparison import SystemScore
from skipgram.vectors.subwords.spelling import Spelling
from skipgram.vectors.word_vectors import WordVectors

PLAIN, SPELLED, FASTTEXT = "skipgram, no spelling", "skipgram, spelling", "fastText"
OURS: dict[str, dict[str, Any]] = {PLAIN: {"ngrams": "none"}, SPELLED: {"ngrams": "3-6"}}
OF_FASTTEXT: dict[str, Any] = {"dim": 100, "epoch": 5, "minn": 3, "maxn": 6, "lr": 0.05}
SHARES = (0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)


@dataclass
class Runs:
    """What one system did, seed by seed."""

    seconds: list[float] = field(default_factory=list)
    results: list[Results] = field(default_factory=list)
    megabytes: float = 0.0


def train_ours(text: Text, folder: Path, **values: Any) -> tuple[float, WordVectors, int]:
    """(seconds from the encoded corpus to vectors, the vectors, bytes of their folder)."""
    began = time.perf_counter()
    vectors = skipgram.train(text.corpus, objective="softmax", progress=False, **values)
    seconds = time.perf_counter() - began
    vectors.save(folder / "ours", overwrite=True)
    return seconds, vectors, sum(file.stat().st_size for file in (folder / "ours").iterdir())


def train_fasttext(text: Text, folder: Path, threads: int) -> tuple[float, WordVectors, int]:
    """The same of fastText, whose words are brought into the order of ours."""
    model = folder / "theirs.bin"
    settings = {**OF_FASTTEXT, "minCount": 1, "thread": threads, "verbose": 0}
    if len(text.corpus.vocabulary) < text.corpus.summary.types:
        settings["minCount"] = int(text.corpus.vocabulary.counts.min())
    command = [sys.executable, str(Path(__file__).with_name("fasttext_command.py"))]
    said = subprocess.run(
        [*command, str(text.file), str(model), json.dumps(settings)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = json.loads(said.splitlines()[-1])
    theirs = skipgram.load(model)
    matrix = theirs[list(text.corpus.vocabulary)]
    return found["seconds"], text.vectors(np.ascontiguousarray(matrix)), found["bytes"]


def compare(name: str, text: Text, chosen: argparse.Namespace, folder: Path) -> None:
    """Train all systems in turn, seed by seed, and print what comes of it."""
    judge = Judge(chosen.data, with_men=True, by_kind=True)
    label = f"{name} {len(text.corpus.vocabulary):,}"
    runs = {system: Runs() for system in (*OURS, *([FASTTEXT] if chosen.fasttext else []))}
    print(f"{label} words, {text.tokens:,} tokens")
    for seed in chosen.seeds:
        for system, run in runs.items():
            if system == FASTTEXT:
                seconds, vectors, size = train_fasttext(text, folder, chosen.threads)
            else:
                common = {"threads": chosen.threads, "seed": seed, **OURS[system]}
                seconds, vectors, size = train_ours(text, folder, **common)
            run.seconds.append(seconds)
            run.results.append(judge.results(vectors))
            run.megabytes = size / 1e6
            scores = told(judge.scores(run.results[-1]))
            print(f"{label}  seed {seed}  {system:22} {seconds:6.1f} s  {scores}", flush=True)
            if chosen.shares and system == SPELLED and seed == chosen.seeds[0]:
                draw(scores_by_share(vectors, judge), share_of(vectors), chosen.shares)
    for system, run in runs.items():
        scores, seconds = told(judge.mean_scores(run.results)), statistics.fmean(run.seconds)
        print(f"{label}  mean    {system:22} {seconds:6.1f} s  {run.megabytes:5,.0f} MB  {scores}")
        print(told_surely(judge.sure_scores(run.results)))
    for other in runs:
        if other == SPELLED:
            continue
        pairs = zip(runs[SPELLED].seconds, runs[other].seconds, strict=True)
        ratios = ", ".join(f"{one / two:.3f}" for one, two in pairs)
        sizes = runs[SPELLED].megabytes / runs[other].megabytes
        print(f"{label}  {SPELLED} / {other}: seconds {ratios}, size {sizes:.2f}")
        for items, of in judge.differences(runs[SPELLED].results, runs[other].results).items():
            print(f"{label}  {SPELLED} - {other}, {items}: {told_difference(of)}", flush=True)


def share_of(vectors: WordVectors) -> float:
    assert isinstance(vectors.subwords, Spelling)
    return vectors.subwords.share


def scores_by_share(vectors: WordVectors, judge: Judge) -> dict[str, list[SystemScore]]:
    """The score on each set, share by share."""
    alone = np.asarray(vectors.center, np.float64)
    said = (np.asarray(vectors.matrix, np.float64) - alone) / share_of(vectors)
    scores: dict[str, list[SystemScore]] = {name: [] for name in judge.names}
    for share in SHARES:
        shown = WordVectors(vectors.vocabulary, (alone + share * said).astype(np.float32))
        found = judge.sure_scores([judge.results(shown)])
        for of_set in found:
            scores[of_set.set_name].append(of_set)
        print(f"  share {share:5.3f}\n{told_surely(found)}", flush=True)
    return scores


def draw(scores: dict[str, list[SystemScore]], shown: float, file: Path) -> None:
    """A line for each set, with its interval as a band and its name at its end."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.8), layout="constrained")
    ends = []
    for name, of in scores.items():
        values = [math.nan if each.value is None else each.value for each in of]
        (line,) = axes.plot(SHARES, values, marker="o", markersize=4)
        color, intervals = line.get_color(), [each.interval for each in of if each.interval]
        if len(intervals) == len(SHARES):
            lows, highs = zip(*((each.low, each.high) for each in intervals), strict=True)
            axes.fill_between(SHARES, lows, highs, color=color, alpha=0.12, linewidth=0)
        known = of[0].coverage
        ends.append((values[-1], f"{name}, {known.known:,} of {known.total:,}", color))
    place = -np.inf
    for score, name, color in sorted(ends):
        place = max(score, place + 0.028)  # names of sets that end together stay apart
        axes.annotate(name, (SHARES[-1], place), (8, 0), "data", "offset points",
                      color=color, va="center", annotation_clip=False)  # fmt: skip
    axes.axvline(shown, color="0.5", linewidth=1, linestyle=":")
    axes.annotate("what is shown", (shown, 0.2), (5, 0), ("data", "axes fraction"),
                  "offset points", color="0.35")  # fmt: skip
    axes.set(xlabel="share a of what spelling says, in v + a AG", ylabel="score")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="0.9")
    figure.savefig(file, dpi=150)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--texts", nargs="+", default=list(TEXTS), choices=list(TEXTS))
    parser.add_argument("--words", type=int, nargs="+", default=[20_000, 0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-fasttext", dest="fasttext", action="store_false")
    parser.add_argument("--shares", type=Path, help="draw the scores by share into this file")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    for values in OURS.values():  # compiles
        skipgram.train(
            [["abc", "abd", "abe", "abc"] * 10],
            objective="softmax", min_count=1, subsample=0, sweeps=1, progress=False, **values,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in texts_of(chosen, Path(scratch)):
            compare(name, text, chosen, Path(scratch))


if __name__ == "__main__":
    main()
