"""The map of words: every word can be read, and every group recognized."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, SkipgramError
from skipgram.figures.labels import separated
from skipgram.figures.page import MARGIN, group_look, page_style, write_head
from skipgram.figures.projection import project
from skipgram.settings.given_words import Word
from skipgram.system.files import whole_file
from skipgram.system.paths import PathLike, as_path
from skipgram.vectors.asked import Unanswerable
from skipgram.vectors.given import words_of
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORD = "word"
"""The gid of the figure's texts that are words, unlike its title."""

FEWEST_WORDS = 3
"""With only two words, any two would be neighbours."""

_NO_TOPIC = ""
"""The topic of words that are given without one: the map has no legend."""
_PAGE_INCHES = (8.0, 6.0)
_DOTS_PER_INCH = 200
_GAP_PIXELS = (14, 6)
_MOST_COVERED = 0.3
MOST_ENLARGED = 8.0


class WordMap(NamedTuple):
    """A map that was written, and the words on it."""

    file: Path
    shown: list[str]
    missing: list[str]
    """the words outside the vocabulary"""
    zero: list[str]
    """the words whose vector is zero, which have no direction and so no place"""


def word_map(
    vectors: WordVectors | PathLike,
    groups: Mapping[str, Iterable[Word]] | Iterable[Word],
    file: PathLike,
    title: str = "Words by the company they keep",
) -> WordMap:
    """Draw words as a map and write it as a PNG image, whole or not at all.

    Each word is where `project` puts it, moved a little if it would cover
    another.

    Parameters
    ----------
    vectors
        Vectors, or their path.
    groups
        Words by topic, or just words. A word in several groups has the colour
        of the first; words outside the vocabulary, and those whose vector is
        zero, are left out, and named in the result.
    file
        Its name must end in .png; a file of that name is replaced. The image has
        1600 × 1200 pixels, or more if the words need more room.
    title
        The line above the map, or "".

    Raises
    ------
    SkipgramError
        If fewer than three of the words are in the vocabulary, or too many
        for any page.
    SettingsError
        If the file's name ends otherwise, or something other than words is given.
    MissingExtraError
        If the drawing libraries are not installed.

    """
    file = as_path(file)
    if file.suffix.lower() != ".png":
        raise SettingsError(f"{file}: a map is a PNG image; give a name that ends in .png")
    vectors = as_vectors(vectors)
    if not isinstance(groups, Mapping):
        groups = {_NO_TOPIC: groups}
    known, missing, zero = placed_words(vectors, groups)
    figure = word_map_figure(vectors, known, title)
    with page_style(), whole_file(file, overwrite=True) as image:
        figure.savefig(image, format="png")
    return WordMap(file, [word for words in known.values() for word in words], missing, zero)


def word_map_figure(
    vectors: WordVectors,
    groups: Mapping[str, Sequence[str]],
    title: str = "",
    most_enlarged: float = MOST_ENLARGED,
) -> "Figure":
    """The map as a matplotlib figure, not registered with pyplot.

    As in `word_map`, but all words must be in the vocabulary, each in one group.
    """
    places = project(vectors, [word for group in groups.values() for word in group])
    enlarged = 1.0
    with page_style():
        while (figure := _page(groups, places, title, enlarged)) is None:
            enlarged *= 1.1
            if enlarged > most_enlarged:
                raise SkipgramError(
                    f"{len(places):,} words are too many or too long for one map; give fewer"
                )
    return figure


def placed_words(
    vectors: WordVectors, groups: Mapping[Any, Iterable[Word]]
) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """The groups' words that have a place, each once; the unknown ones; those with vector zero."""
    known: dict[str, list[str]] = {}
    missing: list[str] = []
    zero: list[str] = []
    seen: set[str] = set()
    for name, words in groups.items():
        here = []
        for word in words_of(words):
            if word in seen:
                continue
            seen.add(word)
            if word not in vectors:
                missing.append(word)
            elif not vectors.vector(word).any():
                zero.append(word)
            else:
                here.append(word)
        if here:
            known[name] = here
    found = len(seen) - len(missing) - len(zero)
    if found < FEWEST_WORDS:
        left_out = Unanswerable(missing, list(map(repr, zero)), len(seen))
        raise SkipgramError(
            f"a map needs at least {FEWEST_WORDS} words, not {found}"
            + (f"; {left_out}" if left_out else "")
        )
    return known, missing, zero


def _page(
    groups: Mapping[str, Sequence[str]],
    places: NDArray[np.float64],
    title: str,
    enlarged: float,
) -> "Figure | None":
    """The map on a page enlarged by this factor; None if its words need more room."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height = _PAGE_INCHES
    figure = Figure((enlarged * width, enlarged * height), _DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    labels = [
        figure.text(0, 0, word, ha="center", va="center", gid=WORD, **group_look(number))
        for number, group in enumerate(groups.values())
        for word in group
    ]
    sizes = np.array([label.get_window_extent().size for label in labels]) + _GAP_PIXELS
    page = np.array(figure.bbox.size)
    foot = MARGIN * page
    topics = [] if list(groups) == [_NO_TOPIC] else [str(name) for name in groups]
    room = page * (1.0, write_head(figure, topics, title)) - 2 * foot
    if sizes.prod(axis=1).sum() > _MOST_COVERED * room.prod():
        return None
    centers = separated(_fitted(places, sizes, room), sizes, room)
    if centers is None:
        return None
    for label, position in zip(labels, (foot + centers) / page, strict=True):
        label.set_position(tuple(position))
    return figure


def _fitted(
    places: NDArray[np.float64], sizes: NDArray[np.float64], room: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Places in pixels, shape (n, 2): the largest map, in its proportions, that fits the room."""
    extent = np.ptp(places, axis=0).clip(np.finfo(np.float32).tiny)
    scale = ((room - sizes.mean(axis=0)) / extent).min()
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    fitted: NDArray[np.float64] = room / 2 + scale * (places - middle)
    return fitted
