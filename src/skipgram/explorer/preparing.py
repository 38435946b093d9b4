"""From vectors to sets that a page can show: what is shown, its map, its columns."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.explorer import kept_layouts, layout_file
from skipgram.explorer.columns import Table, columns_of, table_of
from skipgram.explorer.data import MappedSet
from skipgram.explorer.layout import (
    SETTINGS,
    FirstMap,
    Layout,
    LayoutSettings,
    ShownWords,
    lay_out,
)
from skipgram.explorer.progress import LayoutProgress, Observer, unobserved
from skipgram.system.paths import PathLike, as_path
from skipgram.vectors.alignment import align
from skipgram.vectors.formats.native import SETTINGS as SETTINGS_FILE
from skipgram.vectors.formats.reading import load
from skipgram.vectors.given import whole_number
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.word_vectors import WordVectors


@dataclass(frozen=True, eq=False)
class GivenSet:
    """A set of vectors as it was given: its name, and the folder that can keep its map."""

    name: str
    shown: ShownWords
    folder: Path | None = None

    @classmethod
    def of(
        cls,
        given: WordVectors | PathLike,
        name: str,
        first_words: int | None,
        observe: Observer = unobserved,
    ) -> "GivenSet":
        """The vectors, or those at a path, which is then their name."""

        def read(done: int, total: int) -> None:
            observe(LayoutProgress("reading vectors", done, total))

        if isinstance(given, str | os.PathLike):
            vectors = load(given, observe=read)
        else:
            vectors = as_vectors(given, name)
        if first_words is not None:
            first_words = whole_number("first_words", first_words, 1)
        shown = ShownWords(vectors, first_words)
        if isinstance(given, WordVectors):
            return cls(name, shown)
        path = as_path(given)
        is_native = (path / SETTINGS_FILE).is_file()
        return cls(path.resolve().name, shown, path if is_native else None)


def given_sets(
    vectors: WordVectors | PathLike,
    other: WordVectors | PathLike | None,
    first_words: int | None,
    observe: Observer = unobserved,
) -> list[GivenSet]:
    """One set or two, with at least three words each, and one in common."""
    sets = [GivenSet.of(vectors, "vectors", first_words, observe)]
    if other is not None:
        sets.append(GivenSet.of(other, "other", first_words, observe))
    for given in sets:
        given.shown.require_some(given.name)
    if len(sets) == 2:
        common = sets[1].shown.places_of(sets[0].shown.words) >= 0
        if not common.any():
            raise SettingsError(
                f"{sets[0].name} and {sets[1].name} have no word in common, so there is nothing "
                "to compare; give each its own page"
            )
        if sets[0].name == sets[1].name:
            sets = [
                GivenSet(f"{given.name} ({number})", given.shown, given.folder)
                for number, given in enumerate(sets, start=1)
            ]
    return sets


def title_of(sets: Sequence[GivenSet]) -> str:
    """What a page of these sets is called by default."""
    return " and ".join(given.name for given in sets)


def mapped_sets(
    sets: Sequence[GivenSet],
    *,
    colors: PathLike | Table | None = None,
    settings: LayoutSettings = SETTINGS,
    threads: int | None = None,
    observe: Observer = unobserved,
) -> list[MappedSet]:
    """Each set with its map, from where it is kept or made now, and its columns."""
    table = _table(sets, colors)
    columns = [columns_of(table, given.shown.words) for given in sets]
    first = sets[0]
    made_of = layout_file.fingerprint(first.shown, settings)
    layout = _kept_or_made(first, made_of, None, settings, threads, observe)
    mapped = [MappedSet(first.name, first.shown, layout, columns[0])]
    for second in sets[1:]:
        of_second = layout_file.fingerprint(second.shown, settings, made_of)
        beside = FirstMap(first.shown, layout)
        second_layout = _kept_or_made(second, of_second, beside, settings, threads, observe)
        rotation = _rotation(second.shown.vectors, first.shown.vectors)
        mapped.append(MappedSet(second.name, second.shown, second_layout, columns[1], rotation))
    return mapped


def _table(sets: Sequence[GivenSet], colors: PathLike | Table | None) -> Table:
    """The columns for the words of all sets."""
    if colors is None:
        return {}
    return table_of(colors, (word for given in sets for word in given.shown.words))


def _kept_or_made(
    given: GivenSet,
    made_of: str,
    beside: FirstMap | None,
    settings: LayoutSettings,
    threads: int | None,
    observe: Observer,
) -> Layout:
    name = layout_file.OWN if beside is None else layout_file.BESIDE
    words = len(given.shown.ids)
    places = kept_layouts.places_of(given.folder, name, made_of, words)
    kept = kept_layouts.found(places, made_of, words, observe)
    if kept is not None:
        return kept
    made = lay_out(given.shown, beside, settings=settings, threads=threads, observe=observe)
    kept_layouts.keep(made, places, made_of)
    return made


def _rotation(source: WordVectors, target: WordVectors) -> NDArray[np.float64] | None:
    """What turns the second set's rows to the first's; None where their words do not say."""
    try:
        return align(source, target).rotation
    except SettingsError:
        return None
