"""The naive softmax, trained exactly, beside gensim's negative sampling: time, quality, memory.

    python benchmarks/exact_softmax.py --data DIR [--texts fil8 pg20m] [--words 20000 0]

DIR holds, at any depth, fil8.txt and pg20m.txt (or .xz), SimLex999.tsv and MEN-TR-3k.tsv. Both
systems train on one file with one vocabulary: this many of the most frequent words of the text (0:
all that are seen 5 times or more), fil8 in lines of 1,000 words, pg20m in sentences of lower-cased
words.

Ours is timed from the encoded corpus to vectors, counting of pairs included; gensim's time is that
of training proper, 5 epochs, window 5, 5 negatives, subsampling 1e-4. Compiling is over when the
clock starts. Our systems, all without spelling (`spelling.py` has that): the defaults, coarse to
fine, every word exact; whole sweeps (levels=1), over 20,000 words with the others folded in if
there are more; and, where there are 20,000, the unmodified loss. It says whether the objective,
prior included, fell at every sweep of every level.

A sweep is held against three products of a (words × numbers) by a (numbers × words) matrix at the
rate of NumPy's float32 product of (512 × 100) by (100 × 20,000), measured in the same run.

Scores are means over seeds; their differences come with the interval that holds 95 % of a paired
bootstrap over the items. Analogies are asked among the first 30,000 words. On processors for which
OPENBLAS_CORETYPE is set, unset it: it slows NumPy down.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from anonymous import Peak
from judging import Judge, Results, told, told_difference, told_surely
from systems import Text, train_gensim
from texts import add_data_option, find, in_lines, text_of

import skipgram
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.training.events import LevelStarted, SweepEnd, SweepProgress, SweepsFinished

TEXTS = {"fil8": "whitespace", "pg20m": "words"}
EXACT_WORDS = 20_000
"""Fitted together by whole sweeps, where there are more."""
WHOLE: dict[str, Any] = {"levels": 1}
LETTER: dict[str, Any] = {"count_power": 1.0, "unigram_offset": 0.0}


@dataclass
class Runs:
    """What one system did, seed by seed."""

    seconds: list[float] = field(default_factory=list)
    results: list[Results] = field(default_factory=list)


@dataclass
class Watch:
    """The seconds of each sweep of the last level, and whether the objective of each level fell."""

    sweeps: list[float] = field(default_factory=list)
    evaluations: list[float] = field(default_factory=list)
    objectives: list[float] = field(default_factory=list)
    """of the last level"""
    levels: list[str] = field(default_factory=list)
    rises: int = 0
    _before: float = 0.0
    _last: float = 0.0

    def observe(self, event: object) -> None:
        match event:
            case LevelStarted():
                self._before = 0.0
                self.sweeps, self.evaluations = [], []
                self.objectives = [event.objective]
                self.levels.append(f"{event.words:,}")
            case SweepProgress():
                self._last = event.seconds
                if not self._before:
                    self._before = event.seconds  # the first group stands for the start
            case SweepEnd():
                self.sweeps.append(self._last - self._before)
                self.evaluations.append(event.seconds - self._last)
                self._before = event.seconds
                self.objectives.append(event.objective)
                self.rises += event.raised_to is not None
            case SweepsFinished():
                if self.rises:
                    print(f"  the objective rose {self.rises} times, and was undone")

    @property
    def told(self) -> str:
        falls = f"{self.objectives[0]:.4f} → {self.objectives[-1]:.4f}"
        return f"{', '.join(self.levels)} words, {len(self.sweeps)} sweeps at last, {falls}"


def train_ours(text: Text, watch: Watch, **values: Any) -> tuple[float, Any]:
    """(seconds from the encoded corpus to vectors, the vectors)."""
    began = time.perf_counter()
    vectors = skipgram.train(
        text.corpus,
        objective="softmax",
        ngrams="none",
        observe=watch.observe,
        progress=False,
        **values,
    )
    return time.perf_counter() - began, vectors


def product_rate() -> float:
    """Of NumPy's float32 product of (512 × 100) by (100 × 20,000), in flop a second."""
    random = np.random.default_rng(0)
    one = random.standard_normal((512, 100), np.float32)
    other = random.standard_normal((20_000, 100), np.float32)
    out = np.empty((512, 20_000), np.float32)
    seconds = []
    for _ in range(30):
        began = time.perf_counter()
        np.matmul(one, other.T, out=out)
        seconds.append(time.perf_counter() - began)
    return 2 * 512 * 20_000 * 100 / statistics.median(seconds)


def compare(name: str, text: Text, judge: Judge, chosen: argparse.Namespace) -> None:
    """Train all systems in turn, seed by seed, and print what comes of it."""
    words = len(text.corpus.vocabulary)
    ours: dict[str, dict[str, Any]] = {"skipgram, defaults": {}, "skipgram, whole sweeps": WHOLE}
    if words > EXACT_WORDS:
        ours["skipgram, whole sweeps"] = {**WHOLE, "softmax_vocabulary": EXACT_WORDS}
    elif chosen.letter:
        ours["skipgram, the loss to the letter"] = LETTER
    runs = {system: Runs() for system in ("gensim", *ours)}
    print(f"{name}: {text.tokens:,} tokens, {words:,} words")
    for seed in chosen.seeds:
        for system, run in runs.items():
            common: dict[str, Any] = {"threads": chosen.threads, "seed": seed}
            if system == "gensim":
                training = train_gensim(text, learning_rate=chosen.gensim_rate, **common)
                seconds, vectors, how = training.seconds, training.vectors, ""
            else:
                watch = Watch()
                seconds, vectors = train_ours(text, watch, **ours[system], **common)
                how = watch.told
                if seed == chosen.seeds[0] and "whole" in system:
                    tell_sweeps(watch, min(words, EXACT_WORDS))
            results = judge.results(vectors)
            run.seconds.append(seconds)
            run.results.append(results)
            scores = told(judge.scores(results))
            print(
                f"{name} {words:,}  seed {seed}  {system:33} {seconds:6.1f} s  {scores}  {how}",
                flush=True,
            )
    for system, run in runs.items():
        scores, seconds = told(judge.mean_scores(run.results)), statistics.fmean(run.seconds)
        print(f"{name} {words:,}  mean    {system:33} {seconds:6.1f} s  {scores}")
        print(told_surely(judge.sure_scores(run.results)))
    compared = [(system, "gensim") for system in ours]
    compared.append(("skipgram, defaults", "skipgram, whole sweeps"))
    for system, other in compared:
        pairs = zip(runs[system].seconds, runs[other].seconds, strict=True)
        ratios = ", ".join(f"{one / two:.3f}" for one, two in pairs)
        print(f"{name} {words:,}  {system} / {other}, seconds: {ratios}")
        for items, of in judge.differences(runs[system].results, runs[other].results).items():
            print(
                f"{name} {words:,}  {system} - {other}, {items}: {told_difference(of)}", flush=True
            )


def tell_sweeps(watch: Watch, words: int) -> None:
    rate, sweep = product_rate(), statistics.median(watch.sweeps[1:])
    flop = 6.0 * words**2 * 100
    print(
        f"  a sweep takes {sweep:.2f} s and {statistics.median(watch.evaluations):.2f} s for the "
        f"objective; {flop / 1e12:.2f} TFLOP at {rate / 1e9:,.0f} GFLOP/s of NumPy's product: "
        f"{flop / rate / sweep:.2f} of that rate"
    )


def texts(chosen: argparse.Namespace, folder: Path) -> Any:
    """Each text with each number of words, as a file that both systems read."""
    for name in chosen.texts:
        for words in chosen.words:
            file = folder / f"{name}.{words}.txt"
            source = find(chosen.data, f"{name}.txt", f"{name}.txt.xz")
            encoded = skipgram.encode(
                source, tokenizer=TEXTS[name], max_vocabulary=words, progress=False
            )
            kept = "\n".join(" ".join(line) for line in encoded.sentences())
            if name == "fil8":
                kept = in_lines(
                    kept.encode() if words else text_of(chosen.data, "fil8.txt")
                ).decode()
            file.write_text(kept + "\n", encoding="utf-8")
            yield name, Text.of(file)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--texts", nargs="+", default=list(TEXTS), choices=list(TEXTS))
    parser.add_argument("--words", type=int, nargs="+", default=[EXACT_WORDS, 0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--gensim-rate", type=float, default=0.025)
    parser.add_argument("--letter", action="store_true", help="train the unmodified loss as well")
    parser.add_argument("--memory-of", type=Path, help="an encoded corpus to train on, alone")
    return parser.parse_args()


def tell_memory(corpus: Path, threads: int) -> None:
    """The most anonymous memory that a process of its own had, training on this corpus."""
    peak = Peak()
    peak.start()
    encoded = EncodedCorpus.load(corpus)
    skipgram.train(encoded, objective="softmax", ngrams="none", threads=threads, progress=False)
    words, megabytes = len(encoded.vocabulary), peak.peak_bytes / 1e6
    print(f"{words:,} words: {megabytes:,.0f} MB of anonymous memory at most", flush=True)


def main() -> None:
    chosen = arguments()
    if chosen.memory_of:
        tell_memory(chosen.memory_of, chosen.threads)
        return
    skipgram.train(  # compiles
        [["a", "b", "c", "a"] * 10],
        objective="softmax",
        min_count=1,
        subsample=0,
        sweeps=1,
        progress=False,
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, text in texts(chosen, folder):
            compare(name, text, Judge(chosen.data, with_men=True), chosen)
            place = folder / f"{text.file.name}.corpus"
            text.corpus.save(place)
            again = [
                sys.executable,
                __file__,
                "--data",
                str(chosen.data),
                "--memory-of",
                str(place),
            ]
            subprocess.run(again, check=True)


if __name__ == "__main__":
    main()
