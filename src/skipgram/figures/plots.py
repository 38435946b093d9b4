"""The map of words: a picture in which every word can be read and every group be told."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, SkipgramError
from skipgram.figures.labels import separated
from skipgram.figures.page import MARGIN, group_look, page_style, write_head
from skipgram.figures.projection import project
from skipgram.files import whole_file
from skipgram.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORD = "word"
"""The gid by which the figure's texts that are words can be told from its title."""

FEWEST_WORDS = 3
"""What a map needs: two words are neighbours, whatever they are."""

_PAGE_INCHES = (8.0, 6.0)
_DOTS_PER_INCH = 200
_GAP_PIXELS = (14, 6)
_MOST_COVERED = 0.3
_MOST_ENLARGED = 8


class WordMap(NamedTuple):
    """A map that was written, and which of the words are on it."""

    file: Path
    shown: list[str]
    missing: list[str]
    """the words outside the vocabulary"""


def word_map(
    vectors: WordVectors,
    groups: Mapping[str, Sequence[str]],
    file: str | Path,
    title: str = "Words by the company they keep",
) -> WordMap:
    """Draw words as a map and write it as a PNG image, whole or not at all.

    Words stand where `project` puts them, moved a little where they would
    cover each other.

    Parameters
    ----------
    vectors
        Where words of similar use have vectors of large cosine.
    groups
        Topic to words. A word of several groups has the first one's colour;
        words outside the vocabulary are left out, and named in the result.
    file
        Its name ends in .png; what stands there is replaced. The image has
        1600 × 1200 pixels, or more where the words need more room.
    title
        The line above the map, or "".

    Raises
    ------
    SkipgramError
        If fewer than three of the words are in the vocabulary, or so many
        that no page has room for them.
    SettingsError
        If the file's name ends otherwise.
    MissingExtraError
        If the libraries that draw are not installed.

    """
    file = Path(file)
    if file.suffix.lower() != ".png":
        raise SettingsError(f"{file}: a map is a PNG image; let its name end in .png")
    known, missing = _known(vectors, groups)
    figure = word_map_figure(vectors, known, title)
    with page_style(), whole_file(file, overwrite=True) as image:
        figure.savefig(image, format="png")
    return WordMap(file, [word for words in known.values() for word in words], missing)


def word_map_figure(
    vectors: WordVectors, groups: Mapping[str, Sequence[str]], title: str = ""
) -> "Figure":
    """The map as a matplotlib figure, unknown to pyplot.

    As in `word_map`, but all words must be in the vocabulary, each in one group.
    """
    places = project(vectors, [word for group in groups.values() for word in group])
    enlarged = 1.0
    with page_style():
        while (figure := _page(groups, places, title, enlarged)) is None:
            enlarged *= 1.1
            if enlarged > _MOST_ENLARGED:
                raise SkipgramError(
                    f"{len(places):,} words are too many or too long for one map; give fewer"
                )
    return figure


def _known(
    vectors: WordVectors, groups: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], list[str]]:
    """The groups' known words, each word once and no group empty; and the unknown words."""
    known: dict[str, list[str]] = {}
    missing: list[str] = []
    seen: set[str] = set()
    for name, words in groups.items():
        new = [word for word in dict.fromkeys(words) if word not in seen]
        seen.update(new)
        missing += [word for word in new if word not in vectors]
        if here := [word for word in new if word in vectors]:
            known[name] = here
    if len(seen) - len(missing) < FEWEST_WORDS:
        raise SkipgramError(
            f"{len(seen) - len(missing)} of the {len(seen)} words for the map are in the "
            f"vocabulary; it needs at least {FEWEST_WORDS}"
        )
    return known, missing


def _page(
    groups: Mapping[str, Sequence[str]],
    places: NDArray[np.float64],
    title: str,
    enlarged: float,
) -> "Figure | None":
    """The map on a page so many times as wide and high as usual; None if its words need more."""
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
    room = page * (1.0, write_head(figure, list(groups), title)) - 2 * foot
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
    """Places in pixels, shape (n, 2): as large a map, in its true proportions, as fits the room."""
    extent = np.ptp(places, axis=0).clip(np.finfo(np.float32).tiny)
    scale = ((room - sizes.mean(axis=0)) / extent).min()
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    fitted: NDArray[np.float64] = room / 2 + scale * (places - middle)
    return fitted
