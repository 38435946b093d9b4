"""The formats by name: their suffixes, and what can be done with each."""

from typing import NamedTuple


class Format(NamedTuple):
    """What there is to know of a format before it is read or written.

    suffixes: of files, that ask for this format in writing; reading goes by content.
    is_folder: the native one is written where a name has no suffix. packs: whether it may be
    compressed as a whole.
    """

    suffixes: tuple[str, ...] = ()
    is_written: bool = True
    is_folder: bool = False
    has_counts: bool = True
    packs: bool = False


FORMATS = {
    "native": Format(is_folder=True),
    "word2vec-text": Format((".txt", ".vec"), has_counts=False, packs=True),
    "word2vec-binary": Format((".bin",), has_counts=False, packs=True),
    "glove": Format((".glove",), has_counts=False, packs=True),
    "fasttext": Format(is_written=False, packs=True),
    "numpy": Format((".npy",), has_counts=False),
    "parquet": Format((".parquet",)),
    "arrow": Format((".arrow", ".feather")),
    "projector": Format((".tsv",)),
    "hub": Format(is_folder=True),
}
"""All of them are read. The one table of formats: all commands and docs/formats.md follow it."""

READ = tuple(FORMATS)
"""Recognized by content if no name is given; parquet and arrow have one reader."""

WRITTEN = tuple(name for name, format in FORMATS.items() if format.is_written)

SUFFIXES = {suffix: name for name, format in FORMATS.items() for suffix in format.suffixes}
"""The format that a suffix asks for when writing."""

WITHOUT_SUFFIX = "native"
"""The format that a name without one asks for."""
