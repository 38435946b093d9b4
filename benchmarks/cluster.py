"""A cluster of this machine beside its threads: bits, seconds, traffic.

    python benchmarks/cluster.py --data DIR [--texts fil8:20000,pg20m:40000] [--workers 2 3]

DIR holds the texts, at any depth. Each is cut into eight files and trained on (the softmax, without
spelling, its most frequent words) by threads of this machine and by clusters of so many processes,
with the same lots. Ids, vocabulary, counts, V, U and J must have the same bits, or the script ends
with 1. Seconds are of the sweeps alone, as a ratio. Traffic is what went
through the loopback device, beside the formulas of docs/cluster.md; the storage, a folder, is not
part of it.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from texts import add_data_option, text_of

import skipgram
from skipgram.cluster.connecting import connected
from skipgram.cluster.counting import count_on_cluster
from skipgram.cluster.gradients import FLOP_OF_A_NUMBER, LEAST_FLOP
from skipgram.cluster.traffic import sweep_traffic
from skipgram.corpus.cooccurrence.counts import count_cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.settings import Settings
from skipgram.settings.window_rule import WindowRule
from skipgram.system.machine import usable_threads
from skipgram.training.events import SweepEnd, SweepsFinished
from skipgram.training.exact.sweeps import GROUPS
from skipgram.training.parameters import padded

FILES = 8
LOTS = 8
DIM = 100


class Run(NamedTuple):
    folder: Path
    ends: list[SweepEnd]
    seconds: float
    loopback: int
    """bytes, while it ran"""


def cut(text: bytes, folder: Path) -> list[Path]:
    """A text in files, at the ends of lines."""
    lines = text.splitlines(keepends=True)
    if len(lines) < FILES:  # of words in one line
        words = text.split()
        lines = [b" ".join(words[at : at + 1000]) + b"\n" for at in range(0, len(words), 1000)]
    files = []
    for number, part in enumerate(np.array_split(np.arange(len(lines)), FILES)):
        files.append(folder / f"text{number}.txt")
        files[-1].write_bytes(b"".join(lines[part[0] : part[-1] + 1]))
    return files


def loopback_bytes() -> int:
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, numbers = line.partition(":")
        if name.strip() == "lo":
            return int(numbers.split()[0])
    return 0


def train(files: list[Path], output: Path, words: int, **more: Any) -> Run:
    ends: list[SweepEnd] = []
    finished: list[SweepsFinished] = []

    def observe(event: object) -> None:
        if isinstance(event, SweepEnd):
            ends.append(event)
        if isinstance(event, SweepsFinished):
            finished.append(event)

    before = loopback_bytes()
    skipgram.train(
        files,
        output,
        cache=True,
        objective="softmax",
        ngrams="none",
        embedding_dim=DIM,
        max_vocabulary=words,
        lots=LOTS,
        may_take_long=True,
        checkpoint_minutes=0,
        observe=observe,
        progress=False,
        **more,
    )
    return Run(output, ends, finished[0].seconds, loopback_bytes() - before)


def differences(one: Run, other: Run) -> list[str]:
    """What has other bits."""
    found = []
    for name in ("vectors.safetensors", "vocabulary.safetensors"):
        if (one.folder / name).read_bytes() != (other.folder / name).read_bytes():
            found.append(name)
    corpora = [
        EncodedCorpus.load(run.folder.with_name(run.folder.name + ".corpus"))
        for run in (one, other)
    ]
    for name in ("ids", "line_ends"):
        if not np.array_equal(getattr(corpora[0], name), getattr(corpora[1], name)):
            found.append(name)
    if [end.objective for end in one.ends] != [end.objective for end in other.ends]:
        found.append("J")
    return found


def counts_differ(corpus: EncodedCorpus, workers: int) -> bool:
    rule = WindowRule.of(Settings.of(window=8, window_width="harmonic"))
    one = count_cooccurrence(corpus, rule, threads=usable_threads()).matrix
    with connected(f"local:{workers}") as cluster:
        other = count_on_cluster(corpus, rule, cluster).matrix
    return any(
        not np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("indptr", "indices", "data")
    )


def compare(name: str, text: bytes, words: int, workers: list[int], folder: Path) -> bool:
    """Whether all bits are those of one machine."""
    files, is_same = cut(text, folder), True
    train(files[:1], folder / "warm", 1000)  # compiles
    alone = train(files, folder / "alone", words)
    corpus = EncodedCorpus.load(folder / "alone.corpus")
    vocab_size = len(corpus.vocabulary)
    print(
        f"{name}, {vocab_size:,} words × {DIM}, {usable_threads()} threads: {alone.seconds:.1f} s",
        flush=True,
    )
    for count in workers:
        together = train(files, folder / f"on{count}", words, cluster=f"local:{count}")
        wrong = differences(alone, together)
        if counts_differ(corpus, count):
            wrong.append("counts")
        is_same = is_same and not wrong
        row_bytes = 4 * padded(DIM)
        expected = sum(
            sweep_traffic(end.words, row_bytes, LOTS, count).network
            for end in together.ends
            if FLOP_OF_A_NUMBER * end.words**2 // GROUPS * padded(DIM) >= LEAST_FLOP
        )
        print(
            f"  {count} workers: {together.seconds:6.1f} s, {together.seconds / alone.seconds:.2f} "
            f"of the threads'; {', '.join(wrong) + ' DIFFER' if wrong else 'the same bits'}; "
            f"{together.loopback / 1e9:.2f} GB between processes, by the formula of the sweeps "
            f"{expected / 1e9:.2f} GB",
            flush=True,
        )
    return is_same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--texts", default="fil8:20000,pg20m:40000")
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 3])
    arguments = parser.parse_args()
    is_same = True
    for text in arguments.texts.split(","):
        name, _, words = text.partition(":")
        with tempfile.TemporaryDirectory(prefix="skipgram-cluster-bench-") as folder:
            found = text_of(arguments.data, f"{name}.txt")
            is_same &= compare(name, found, int(words), arguments.workers, Path(folder))
    sys.exit(not is_same)


if __name__ == "__main__":
    main()
