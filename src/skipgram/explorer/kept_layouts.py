"""Where maps are kept: in the folder of their vectors, or else in the user's cache.

The cache holds the maps of vectors that have no folder of their own, as another tool's file
or what stands in memory, and of those whose folder others own. It holds no words.
"""

from collections.abc import Sequence
from pathlib import Path

from skipgram.errors import FormatError, SkipgramError
from skipgram.explorer import layout_file
from skipgram.explorer.layout import Layout
from skipgram.explorer.progress import LayoutNote, Observer
from skipgram.system.caching import cache_folder, drop_oldest, mark_used

MOST_BYTES = 200_000_000
"""In the cache: the maps of twenty million words."""

_FEWEST_WORDS = 1_000
"""Fewer are laid out in the time that it takes to look at the page."""


def places_of(folder: Path | None, name: str, made_of: str, words: int) -> list[Path]:
    """The files that may hold a map, best first.

    folder: that of the vectors, where it can keep one.
    """
    places = [] if folder is None else [folder / name]
    cache = _cache()
    if cache is not None and words >= _FEWEST_WORDS:
        places.append(cache / f"{made_of}.safetensors")
    return places


def found(places: Sequence[Path], made_of: str, words: int, observe: Observer) -> Layout | None:
    """The map that one of the files holds; of a damaged one it is told."""
    for file in places:
        try:
            kept = layout_file.load(file, made_of, words)
        except FormatError as error:
            observe(LayoutNote(f"{error}; the map is made anew"))
            continue
        if kept is not None:
            if file.parent == _cache():
                mark_used(file)
            return kept
    return None


def keep(made: Layout, places: Sequence[Path], made_of: str) -> None:
    """Write a map to the first place that takes it; where none does, it is not kept."""
    for file in places:
        try:
            layout_file.save(made, file, made_of)
        except SkipgramError:  # a folder that others own, or a full disk
            continue
        if file.parent == _cache():
            drop_oldest(file.parent, MOST_BYTES)
        return


def _cache() -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / "layouts"
