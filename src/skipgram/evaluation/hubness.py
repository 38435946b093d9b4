"""Hubness: are the same few words the neighbours of many?

Source: Radovanović, Nanopoulos and Ivanović 2010, "Hubs in space: Popular nearest neighbors in
high-dimensional data".
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.telling.markup import paragraphs, table
from skipgram.telling.wording import many
from skipgram.vectors.given import whole_number
from skipgram.vectors.search import RowSearch, unit_rows
from skipgram.vectors.word_vectors import WordVectors

FIRST_WORDS = 10_000
NEIGHBORS = 10
_HUBS_SHOWN = 10


@dataclass(frozen=True)
class Hubness:
    """How unevenly words are neighbours: N(w), in how many words' k nearest each word is.

    The mean of N is always k. In few dimensions N is about alike for all words; the more its
    distribution leans to the right, the more often the same words are found, whatever is asked for.
    """

    skewness: float | None
    """S = E[(N − k)³] / σ³: 0 where N leans to neither side; None if N is the same for all"""
    anti_hubs: float
    """the share of the words that are nobody's neighbour, in 0..1"""
    hubs: tuple[tuple[str, int], ...]
    """the ten words with the largest N, with it, largest first"""
    words: int
    """that were searched, and are answers: the most frequent"""
    k: int
    """nearest words of each"""
    zero_words: int
    """left out of them, because a vector of zeros has no direction"""
    counts: NDArray[np.int64] = field(repr=False, compare=False)
    """N of each word, by falling frequency: shape (words,)"""

    def __str__(self) -> str:
        lines = self._lines()
        lines.append(f"hubs: {', '.join(f'{word} ({count:,})' for word, count in self.hubs)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        hubs = [(word, f"{count:,}") for word, count in self.hubs]
        return paragraphs(self._lines()) + table(("hub", "neighbour of"), hubs, "lr")

    def _lines(self) -> list[str]:
        skewness = "none" if self.skewness is None else f"{self.skewness:.2f}".replace("-", "−")
        lines = [
            f"{many(self.words, 'word')}, {many(self.k, 'neighbour')} each: skewness {skewness}, "
            f"{self.anti_hubs * 100:.1f} % are nobody's neighbour"
        ]
        if self.zero_words:
            lines.append(f"words left out whose vector is zero: {self.zero_words:,}")
        return lines


def hubness(vectors: WordVectors, *, first_words: int = FIRST_WORDS, k: int = NEIGHBORS) -> Hubness:
    """How often each of the most frequent words is among the k nearest of the others.

    The search is exact, by cosine, among these words alone; no word is its own neighbour. Of words
    at the same distance those more frequent are taken. Ten thousand words take a second or so.

    Parameters
    ----------
    vectors
        Of which the shown matrix is searched.
    first_words
        How many, by falling counts; all, if there are fewer.
    k
        Nearest words of each, fewer than there are words.

    Raises
    ------
    SettingsError
        If there are not more than k words whose vector is not zero.
    FormatError
        If a number is nan or infinite.

    Source: Radovanović, Nanopoulos and Ivanović 2010, section 2: N is their N_k, S their S_{N_k}.

    """
    k = whole_number("k", k, 1)
    chosen = vectors.vocabulary.by_count[: whole_number("first_words", first_words, 1)]
    rows = np.asarray(vectors.shown_rows[chosen])
    has_direction = np.asarray(rows.any(axis=1))
    chosen, rows = chosen[has_direction], rows[has_direction]
    if len(chosen) <= k:
        raise SettingsError(
            f"{many(len(chosen), 'word')} with a vector that is not zero "
            f"{'is' if len(chosen) == 1 else 'are'} too few for k = {k} neighbours of each; give "
            "a smaller k, or vectors of more words"
        )
    counts = _occurrences(rows, k)
    largest = np.argsort(-counts, kind="stable")[:_HUBS_SHOWN]
    return Hubness(
        _skewness(counts),
        float((counts == 0).mean()),
        tuple((vectors.words[chosen[place]], int(counts[place])) for place in largest),
        len(chosen),
        k,
        int(np.count_nonzero(~has_direction)),
        counts,
    )


def _occurrences(rows: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """N of each row: shape (rows,)."""
    RowSearch(rows).require_finite()
    unit = unit_rows(rows)
    ids = RowSearch(unit).nearest(unit, k + 1).ids
    is_other = ids != np.arange(len(ids))[:, None]
    # Among more than k equal rows a row may not find itself.
    is_other[is_other.all(axis=1), -1] = False
    return np.bincount(ids[is_other], minlength=len(ids)).astype(np.int64)


def _skewness(counts: NDArray[np.int64]) -> float | None:
    deviations = counts - counts.mean()
    spread = float((deviations**2).mean()) ** 0.5
    return float((deviations**3).mean()) / spread**3 if spread else None
