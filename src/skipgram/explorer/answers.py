"""What a page asks of its server: understood, bounded, many questions answered at once.

Neighbours of a sum of words, and how far words lie along the way from some words to others.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, SkipgramError
from skipgram.explorer.layout import ShownWords
from skipgram.vectors.asked import Known, known_terms, sum_of_units
from skipgram.vectors.neighbors import Notes

MOST_NEIGHBORS = 200
MOST_WORDS = 50
LONGEST_WORD = 500
"""Characters; no vocabulary that people read has longer words."""

_USUAL, _USUAL_AMONG = 15, 2_000
_MOST_AMONG = 100_000_000
_NEIGHBORS_NAMES = ("set", "k", "word", "plus", "minus")
_ALONG_NAMES = ("set", "among", "from", "to")
_NOTHING = 1e-6
"""A difference of means of unit vectors that is shorter is zero but for rounding."""


class Asked(NamedTuple):
    """A sum of words whose neighbours are wanted."""

    set: int
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    k: int

    @property
    def words(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.plus, *self.minus)


class AskedAlong(NamedTuple):
    """The way from some words to others, along which the most frequent words are wanted."""

    set: int
    origin: tuple[str, ...]
    goal: tuple[str, ...]
    among: int

    @property
    def words(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.origin, *self.goal)


class Found(NamedTuple):
    """A sum, looked up."""

    unit: NDArray[np.float64]
    """shape (dim,): the sum of the words' unit vectors, which is not zero"""
    own: frozenset[int]
    """the ids of its words, which are no neighbours"""
    k: int
    notes: Notes
    """on its words that are not in the vocabulary"""


class FoundAlong(NamedTuple):
    """A way, looked up."""

    direction: NDArray[np.float64]
    """shape (dim,): from the mean of the one end's unit vectors to that of the other; not zero"""
    among: int
    notes: Notes


def asked_in(given: Sequence[tuple[str, str]], sets: int) -> Asked:
    """What the names and values of an address ask for; refused if it is not of moderate size."""
    of_name = _by_name(given, _NEIGHBORS_NAMES)
    number = _whole(of_name["set"], "set", 0, 0, sets - 1)
    k = _whole(of_name["k"], "k", _USUAL, 1, MOST_NEIGHBORS)
    plus, minus = (*of_name["word"], *of_name["plus"]), tuple(of_name["minus"])
    _require_moderate((*plus, *minus), "word, plus, minus")
    return Asked(number, plus, minus, k)


def asked_along_in(given: Sequence[tuple[str, str]], sets: int) -> AskedAlong:
    """The same of a question about a way; refused if it has no word at one end.

    among: how many of the most frequent words; more than there are ask for all.
    """
    of_name = _by_name(given, _ALONG_NAMES)
    number = _whole(of_name["set"], "set", 0, 0, sets - 1)
    among = _whole(of_name["among"], "among", _USUAL_AMONG, 1, _MOST_AMONG)
    origin, goal = (tuple(dict.fromkeys(of_name[end])) for end in ("from", "to"))
    if not origin or not goal:
        raise SettingsError("give a word or more at both ends: from and to")
    _require_moderate((*of_name["from"], *of_name["to"]), "from, to")
    return AskedAlong(number, origin, goal, among)


def looked_up(sets: Sequence[ShownWords], asked: Asked) -> Found:
    """The sum that is asked for.

    UnknownWordError if words have no vector, with similar spellings if it is one; SkipgramError if
    a vector is zero, or the vectors cancel out.
    """
    vectors = sets[asked.set].vectors
    added, taken = (known_terms(vectors, list(words)) for words in (asked.plus, asked.minus))
    own = frozenset(term.id for term in (*added, *taken)) - {-1}
    notes = Notes.of_all(term.notes for term in (*added, *taken))
    return Found(sum_of_units(added, taken), own, asked.k, notes)


def looked_up_along(sets: Sequence[ShownWords], asked: AskedAlong) -> FoundAlong:
    """The way that is asked for; raises what `looked_up` does."""
    vectors = sets[asked.set].vectors
    ends = [known_terms(vectors, list(words)) for words in (asked.goal, asked.origin)]
    goal, origin = (_mean(terms) for terms in ends)
    notes = Notes.of_all(term.notes for terms in ends for term in terms)
    if np.linalg.norm(goal - origin) < _NOTHING:
        raise SkipgramError("both ends are the same: there is no way between them")
    return FoundAlong(goal - origin, asked.among, notes)


def without_vectors(sets: Sequence[ShownWords], asked: Asked | AskedAlong) -> list[str]:
    """The words for which there is no vector, neither of their own nor by their spelling."""
    vectors = sets[asked.set].vectors
    return [
        word
        for word in dict.fromkeys(asked.words)
        if vectors.form_in_vocabulary(word) not in vectors and not vectors.can_spell(word)
    ]


def cosines_along(shown: ShownWords, found: FoundAlong) -> NDArray[np.float32]:
    """The cosine of each of the most frequent words with the way: shape (among,), or fewer."""
    cosines = shown.search.similarities(found.direction)[shown.ids[: found.among]]
    return np.asarray(cosines.clip(-1, 1), "<f4")


def neighbors_of_each(shown: ShownWords, asked: Sequence[Found]) -> list[list[tuple[str, float]]]:
    """For each question its neighbours among the words that are shown: found in one search."""
    wanted = max(found.k + len(found.own) for found in asked)
    queries = np.stack([found.unit for found in asked])
    nearest = shown.nearest(queries, min(wanted, len(shown.vectors)))
    words = shown.vectors.words
    answers = []
    for found, ids, cosines in zip(
        asked, nearest.ids.tolist(), nearest.similarities.tolist(), strict=True
    ):
        pairs = [
            (number, cosine)
            for number, cosine in zip(ids, cosines, strict=True)
            if number >= 0 and number not in found.own
        ]
        answers.append([(words[number], cosine) for number, cosine in pairs[: found.k]])
    return answers


def _mean(terms: Sequence[Known]) -> NDArray[np.float64]:
    return np.asarray(np.mean([term.unit for term in terms], axis=0))


def _by_name(given: Sequence[tuple[str, str]], names: Collection[str]) -> dict[str, list[str]]:
    """The values of each name, in their order; another name is refused."""
    of_name: dict[str, list[str]] = {name: [] for name in names}
    for name, value in given:
        if name not in of_name:
            raise SettingsError(f"{name!r:.60} is not one of: {', '.join(names)}")
        of_name[name].append(value)
    return of_name


def _require_moderate(words: Sequence[str], names: str) -> None:
    """Refuse no words, too many, or any that is too long."""
    if not 0 < len(words) <= MOST_WORDS:
        raise SettingsError(f"give 1 to {MOST_WORDS} words ({names}), not {len(words):,}")
    for word in words:
        if not 0 < len(word) <= LONGEST_WORD:
            raise SettingsError(f"a word has 1 to {LONGEST_WORD} characters, not {len(word):,}")


def _whole(values: Sequence[str], name: str, usual: int, least: int, most: int) -> int:
    if not values:
        return usual
    (text, *more) = values
    # Python's own reading takes other scripts' digits, blanks and underscores.
    is_plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if more or not is_plain or not least <= int(text) <= most:
        raise SettingsError(f"{name} is a whole number from {least} to {most}, given once")
    return int(text)
