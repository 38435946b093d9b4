"""Time and memory of the exact softmax by vocabulary, coarse to fine and by whole sweeps.

    python benchmarks/softmax_growth.py --data DIR [--words 5000 10000 20000 40000 80000]

DIR holds fil8.txt (or .xz), at any depth; its most frequent words are kept, as many as a run has.
Each training is a process of its own, with kernels compiled before: seconds are of training after
the pairs are counted, memory is the most that was anonymous. Whole sweeps are tried up to
--whole-up-to words. Says the power of growth between the ends and draws docs/softmax_growth.png.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
from anonymous import Peak
from matplotlib import pyplot as plt
from texts import add_data_option, find

import skipgram
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.training.events import SweepsFinished

PICTURE = Path(__file__).parents[1] / "docs" / "softmax_growth.png"
WAYS: dict[str, dict[str, Any]] = {"coarse to fine": {}, "whole sweeps": {"levels": 1}}
COLORS = {"coarse to fine": "#0b3c5d", "whole sweeps": "#c1440e"}


class Run(NamedTuple):
    words: int
    seconds: float
    megabytes: float
    objective: float


def train(corpus: Path, way: str, threads: int) -> Run:
    """Train in this process."""
    encoded, ends, peak = EncodedCorpus.load(corpus), [], Peak()

    def observe(event: object) -> None:
        if isinstance(event, SweepsFinished):
            ends.append(event)

    skipgram.train(  # compiles
        [["a", "b", "c", "a"] * 10],
        objective="softmax",
        min_count=1,
        subsample=0,
        sweeps=1,
        progress=False,
    )
    peak.start()
    skipgram.train(
        encoded,
        objective="softmax",
        ngrams="none",
        threads=threads,
        may_take_long=True,
        observe=observe,
        progress=False,
        **WAYS[way],
    )
    end = ends[0]
    return Run(len(encoded.vocabulary), end.seconds, peak.peak_bytes / 1e6, end.objective)


def power(runs: list[Run]) -> float:
    """By which power of the words the seconds grow, from the smallest run to the largest."""
    first, last = runs[0], runs[-1]
    return math.log(last.seconds / first.seconds) / math.log(last.words / first.words)


def draw(runs: dict[str, list[Run]]) -> None:
    mpl.use("Agg")
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
    for way, of in runs.items():
        words = [run.words for run in of]
        axes[0].plot(words, [run.seconds for run in of], "o-", color=COLORS[way], label=way)
        axes[1].plot(words, [run.megabytes / 1000 for run in of], "o-", color=COLORS[way])
    for axis, label in ((axes[0], "seconds of training"), (axes[1], "GB of anonymous memory")):
        axis.set(xscale="log", yscale="log", xlabel="words, all fitted together", ylabel=label)
        ticks = [run.words for run in runs["coarse to fine"]]
        axis.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axis.minorticks_off()
        axis.spines[["top", "right"]].set_visible(False)
    for axis, marks in ((axes[0], (1, 3, 10, 30, 100, 300)), (axes[1], (0.25, 0.5, 1, 2, 4, 8))):
        axis.set_yticks(marks, [f"{mark:g}" for mark in marks])
    axes[0].legend(frameon=False)
    figure.suptitle("The exact softmax by vocabulary: fil8, 100 numbers, two cores")
    figure.savefig(PICTURE, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument(
        "--words", type=int, nargs="+", default=[5_000, 10_000, 20_000, 40_000, 80_000]
    )
    parser.add_argument("--whole-up-to", type=int, default=40_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--one", nargs=2, help="a corpus and a way to train, in this process")
    chosen = parser.parse_args()
    if chosen.one:
        corpus, way = chosen.one
        print(json.dumps(train(Path(corpus), way, chosen.threads)))
        return
    source = find(chosen.data, "fil8.txt", "fil8.txt.xz")
    runs: dict[str, list[Run]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as scratch:
        for words in chosen.words:
            place = Path(scratch) / str(words)
            skipgram.encode(source, min_count=1, max_vocabulary=words, progress=False).save(place)
            for way, of in runs.items():
                if way == "whole sweeps" and words > chosen.whole_up_to:
                    continue
                asked = [sys.executable, __file__, "--data", str(chosen.data)]
                asked += ["--threads", str(chosen.threads), "--one", str(place), way]
                done = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
                run = Run(*json.loads(done.stdout.splitlines()[-1]))
                of.append(run)
                print(
                    f"{run.words:,} words, {way}: {run.seconds:.1f} s, {run.megabytes:,.0f} MB, "
                    f"objective {run.objective:.4f}",
                    flush=True,
                )
    for way, of in runs.items():
        print(f"{way}: seconds grow by the power {power(of):.2f} of the words")
    draw(runs)


if __name__ == "__main__":
    main()
