"""An explorer's page of made vectors: skipgram's own, but for a map that takes no time."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import skipgram
from skipgram.explorer.columns import Column
from skipgram.explorer.data import MappedSet, PageData, likely_bytes, page_data
from skipgram.explorer.layout import Layout, ShownWords
from skipgram.explorer.page_file import write_page

HOSTILE = [
    "</script><script>window.broken=1</script>",
    "<img src=x onerror=window.broken=1>",
    "<!--",
    "\u202eright-to-left mark",
    "line\u2028separator",
    "שלום",
    "مرحبا",
    '"quoted"&amp;',
    "a+b",
    "-",
    "+",
    "\u200f",
    "back\\slash",
    "𝒳",
    "constructor",
    "__proto__",
]
NAMED = ["king", "queen", "man", "woman", "prince", "princess", "he", "she", "boy", "girl"]


def hostile_words(count: int) -> list[str]:
    return [*NAMED, *HOSTILE, *(f"word{i}" for i in range(count - len(NAMED) - len(HOSTILE)))]


def royal_vectors(count: int, dim: int, seed: int = 0) -> np.ndarray:
    """Random rows, but for the named words: royal + sex, so that king - man + woman is queen."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, dim)).astype(np.float32)
    royal, child, female = rng.normal(size=(3, dim)) * 2
    common = rng.normal(size=dim)
    kinds = [
        royal,
        royal,
        0,
        0,
        royal + child,
        royal + child,
        0.3 * common,
        0.3 * common,
        child,
        child,
    ]
    for place, kind in enumerate(kinds):
        sign = 1 if place in (1, 3, 5, 7, 9) else -1
        rows[place] = common + kind + sign * female + 0.05 * rng.normal(size=dim)
    rows[-1] = 0
    return rows


@cache
def made_vectors(count: int, dim: int) -> tuple[skipgram.WordVectors, skipgram.WordVectors]:
    """Hostile words with vectors, and nine of ten of them again with vectors a little different."""
    words, rows = hostile_words(count), royal_vectors(count, dim)
    noise = np.random.default_rng(1).normal(scale=0.4, size=rows.shape).astype(np.float32)
    counts = 10_000_000 // (1 + np.arange(count))
    kept = [place for place in range(count) if place < 30 or place % 10]
    return (
        skipgram.WordVectors.from_arrays(words, rows, counts),
        skipgram.WordVectors.from_arrays(
            [words[place] for place in kept], (rows + noise)[kept], counts[kept]
        ),
    )


SYLLABLES = ["la", "mi", "ro", "ta", "ke", "su", "no", "vi", "pa", "de", "𝒳𝒴", "ça"]


@cache
def spelled_vectors(
    count: int = 900, dim: int = 16, *, seed: int = 0, capital: str = ""
) -> skipgram.WordVectors:
    """Words of three syllables, with the sums of those syllables' vectors; and their spelling."""
    rng = np.random.default_rng(seed)
    parts = rng.normal(size=(len(SYLLABLES), dim))
    drawn = dict.fromkeys(map(tuple, rng.integers(len(SYLLABLES), size=(2 * count, 3)).tolist()))
    chosen = list(drawn)[:count]
    words = ["".join(SYLLABLES[part] for part in of_word) for of_word in chosen]
    words = list(dict.fromkeys([*words, *HOSTILE[:6], *([capital] if capital else [])]))
    rows = rng.normal(scale=0.3, size=(len(words), dim))
    rows[:count] += [parts[list(of_word)].sum(axis=0) for of_word in chosen]
    vectors = skipgram.WordVectors.from_arrays(words, rows, range(len(words), 0, -1))
    return vectors.with_spelling()


def plane(rows: np.ndarray) -> np.ndarray:
    """Two main directions of unit rows, from 0 to 1; what lies far off is at the edge."""
    units = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    centred = units - units.mean(axis=0)
    _, _, directions = np.linalg.svd(centred[:5000], full_matrices=False)
    places = centred @ directions[:2].T
    low, high = np.quantile(places, [0.002, 0.998], axis=0)
    return np.asarray(np.clip((places - low) / (high - low), 0, 1), np.float32)


def mapped(shown: ShownWords, name: str, *, places: np.ndarray | None = None) -> MappedSet:
    """The words with a map that took no time, in five clusters, and with two columns."""
    words = shown.words
    count = len(words)
    if places is None:
        places = plane(shown.unit(slice(None)))
    named = [[first, first + 1, first + 2] for first in (0, 10, 13, 20, 30)]
    typical = np.where(np.array(named) < count, named, -1).astype(np.int32)
    layout = Layout(places, (np.arange(count) % 5).astype(np.uint8), typical)
    lengths = np.array([len(word) for word in words], np.float32)
    lengths[-1] = np.nan
    kinds = ("noun", "<b>verb</b>", "other")
    columns = [
        Column("letters", "number", lengths),
        Column("kind", "category", (np.arange(count) % len(kinds)).astype(np.uint8), kinds),
    ]
    return MappedSet(name, shown, layout, columns)


def mapped_at_once(sets: Any, **_: Any) -> list[MappedSet]:
    """In the place of `mapped_sets`, for a server that is to answer soon."""
    return [mapped(given.shown, given.name) for given in sets]


@cache
def made_data(count: int, dim: int, sets: int = 1) -> PageData:
    names = ("first", "second")
    shown = [ShownWords(vectors) for vectors in made_vectors(count, dim)[:sets]]
    return page_data([mapped(*pair) for pair in zip(shown, names, strict=False)], "made")


def numbers_of(data: PageData, name: str) -> np.ndarray:
    """What is in a block."""
    (pieces,) = (block.pieces() for block in data.blocks if block.name == name)
    return np.concatenate(list(pieces))


def made_page(file: Path, *, count: int = 3000, dim: int = 20, sets: int = 1) -> Path:
    write_page(file, made_data(count, dim, sets), 1)
    return file


def page_of(file: Path, vectors: skipgram.WordVectors, **options: Any) -> Path:
    """A page of some vectors."""
    shown = ShownWords(vectors)
    data = page_data([mapped(shown, "small", **options)], "made")
    write_page(file, data, likely_bytes([shown]))
    return file
