"""A result that the disk cuts short is an error, and what was there before stays."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from helpers.handmade_vectors import random_vectors
from helpers.replay import corpus_of
from skipgram import cs224n
from skipgram.corpus.cooccurrence.counts import count_cooccurrence
from skipgram.errors import SkipgramError
from skipgram.figures.plots import word_map
from skipgram.settings import Settings
from skipgram.settings.window_rule import WindowRule
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.negative_sampling.trainer import State
from skipgram.training.parameters import Parameters

VECTORS = random_vectors(1, vocab_size=60, embedding_dim=8)
CORPUS = corpus_of(np.random.default_rng(1).integers(9, size=(5, 90)).tolist(), 9)
COUNTS = count_cooccurrence(CORPUS, WindowRule(window=3, subsample=0))
SUFFIXES = [".txt", ".vec", ".bin", ".glove", ".npy", ".parquet", ".arrow", ".tsv"]
SUFFIXES += [".vec.gz", ".vec.bz2", ".vec.xz", ".vec.zst", ".bin.gz"]


def save_checkpoint(folder: Path) -> None:
    identity = Identity.of(CORPUS, Settings.of(embedding_dim=5))
    checkpoint.save(folder / "checkpoint", identity, State(), Parameters.initial(9, 5, 1))


def save_index(folder: Path) -> None:
    pytest.importorskip("faiss")
    with_index = VECTORS.with_index(threads=1)
    if not (folder / "vectors").exists():
        with_index.save(folder / "vectors")
    with_index.index.save(folder / "vectors")


def draw_map(folder: Path) -> None:
    pytest.importorskip("matplotlib")
    word_map(VECTORS, {"all": VECTORS.words[:9]}, folder / "map.png")


WRITERS: dict[str, Callable[[Path], object]] = {
    "vectors": lambda folder: VECTORS.save(folder / "vectors", overwrite=True),
    "hub": lambda folder: VECTORS.export(folder / "hub", format="hub", overwrite=True),
    "index": save_index,
    "vocabulary": lambda folder: VECTORS.vocabulary.save(folder / "words", overwrite=True),
    "vocabulary.txt": lambda folder: VECTORS.vocabulary.save(folder / "words.txt", overwrite=True),
    "corpus": lambda folder: CORPUS.save(folder / "corpus", overwrite=True),
    "cooccurrence": lambda folder: COUNTS.save(folder / "counts", overwrite=True),
    "checkpoint": save_checkpoint,
    "map": draw_map,
    "cs224n": lambda folder: cs224n.save_params(5_000, np.ones((40, 50))),
} | {
    f"export{suffix}": lambda folder, suffix=suffix: VECTORS.export(
        folder / f"words{suffix}", overwrite=True
    )
    for suffix in SUFFIXES
}


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As on a full disk: what would make a file longer fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def contents(folder: Path) -> dict[str, bytes]:
    """All files, hidden ones too."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("kind", WRITERS)
def test_a_result_that_is_cut_is_an_error_and_the_old_one_stays(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    write = WRITERS[kind]
    write(tmp_path)
    before = contents(tmp_path)
    sizes = {len(content) for content in before.values()}
    # Sizes may differ by a date or a number in text from one time to the next.
    for limit in sorted({0, max(sizes) - 100} | {size // 2 for size in sizes}):
        with (
            pytest.raises(SkipgramError, match=r"cannot be written: .*File too large"),
            no_file_longer_than(limit),
        ):
            write(tmp_path)
        assert before.items() <= contents(tmp_path).items()
        assert kind == "checkpoint" or contents(tmp_path) == before
