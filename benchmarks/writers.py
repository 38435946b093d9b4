"""The commands that write, what each writes from different inputs, and how that is read again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import skipgram
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.vectors.word_vectors import WordVectors

TEXTS = [f"{folder}.txt" for folder in "abcd"]
VECTORS = list("ABCD")
TRAINED = ("--embedding-dim", "8", "--epochs", "1", "--subsample", "0", "--deterministic")
ONE_THREAD = ("--min-count", "1", "--threads", "1", "--quiet")


@dataclass(frozen=True)
class Command:
    """A command that writes: its variants, from 0 to 3, write different results."""

    name: str
    line: Callable[[int], Sequence[str]]
    """without the output"""
    output: str
    read: dict[str, Callable[[Path], bytes]]
    """each name that is there in the end, and what is read of it"""
    option: tuple[str, ...] = ("--output",)
    is_always_there: bool = False
    """whether it writes into a folder that is there before"""

    def arguments(self, variant: int, *, overwrite: bool) -> list[str]:
        """As on the command line, in a folder where inputs lie one above."""
        overwrites = ["--overwrite"] if overwrite and not self.is_always_there else []
        where = [] if self.is_always_there else [*self.option, self.output]
        return [*self.line(variant), *where, *overwrites]


def _of_vectors(path: Path) -> bytes:
    vectors = skipgram.load(path)
    return "\n".join(vectors.words).encode() + np.asarray(vectors.matrix).tobytes()


def _of_index(folder: Path) -> bytes:
    found = skipgram.load(folder)
    if found.index is None:
        return b""
    found.most_similar("w1", approximate=True)
    import faiss

    links = faiss.vector_to_array(found.index.graph.hnsw.cum_nneighbor_per_level)
    return np.asarray(links).tobytes()


def _of_corpus(folder: Path) -> bytes:
    corpus = skipgram.EncodedCorpus.load(folder)
    return "\n".join(corpus.vocabulary.words).encode() + corpus.ids.tobytes()


def _of_counts(folder: Path) -> bytes:
    counts = skipgram.Cooccurrence.load(folder)
    return bytes("\n".join(counts.vocabulary.words).encode() + counts.matrix.data.tobytes())


def _of_vocabulary(file: Path) -> bytes:
    found = Vocabulary.load(file)
    return "\n".join(found.words).encode() + found.counts.tobytes()


def _on_text(name: str, *options: str) -> Callable[[int], Sequence[str]]:
    return lambda variant: [name, f"../{TEXTS[variant]}", *ONE_THREAD, *options]


def _convert(suffix: str, *options: str) -> Command:
    def line(variant: int) -> Sequence[str]:
        return ["convert", f"../{VECTORS[variant]}", "--quiet", *options]

    name = " ".join(("convert", *options[-1:], suffix)).strip()
    return Command(name, line, f"out{suffix}", {f"out{suffix}": _of_vectors}, ())


COMMANDS = [
    Command("train", _on_text("train", *TRAINED), "out", {"out": _of_vectors}),
    Command(
        "train --cache --export .npy",
        _on_text("train", *TRAINED, "--cache", "--export", "e.npy"),
        "out",
        {"out": _of_vectors, "out.corpus": _of_corpus, "e.npy": _of_vectors},
    ),
    Command("encode", _on_text("encode"), "out", {"out": _of_corpus}),
    Command("cooccurrence", _on_text("cooccurrence"), "out", {"out": _of_counts}),
    Command("vocabulary", _on_text("vocabulary"), "out", {"out": _of_vocabulary}),
    Command("vocabulary .tsv", _on_text("vocabulary"), "out.tsv", {"out.tsv": _of_vocabulary}),
    *map(_convert, ("", ".npy", ".tsv", ".txt", ".vec.gz", ".bin", ".glove")),
    *map(_convert, (".parquet", ".arrow")),
    _convert("", "--to", "hub"),
    Command(
        "align",
        lambda variant: ["align", f"../{VECTORS[variant]}", "../target"],
        "out",
        {"out": _of_vectors},
    ),
    Command(
        "index",
        lambda variant: ["index", "out", "--quiet", "--connectivity", str(8 << variant)],
        "out",
        {"out": _of_index},
        is_always_there=True,
    ),
]


def make_inputs(folder: Path) -> None:
    """Texts and vectors that differ from each other."""
    chance = np.random.default_rng(1)
    words = [f"w{number}" for number in range(200)]
    for name in TEXTS:
        lines = chance.choice(words, (150, 12), p=np.arange(1, 201) / 20100)
        (folder / name).write_text("".join(" ".join(line) + "\n" for line in lines))
    for name in (*VECTORS, "target", "indexed"):
        rows = chance.standard_normal((200, 8)).astype(np.float32)
        WordVectors(Vocabulary(words, np.arange(200, 0, -1)), rows).save(folder / name)
