"""Are some words nearer to one idea than other words are? Association tests (WEAT).

With cosines, for target lists X and Y and attribute lists A and B,

    s(w) = mean_{a in A} cos(w, a) − mean_{b in B} cos(w, b),
    d = (mean_{x in X} s(x) − mean_{y in Y} s(y)) / std_{w in X ∪ Y} s(w).

If X and Y did not differ, every partition of X ∪ Y into lists of their sizes would be
as likely as this one: p is the share of partitions that differ as much.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, SkipgramError, UnknownWordError
from skipgram.evaluation.partitions import shares_of_partitions
from skipgram.evaluation.wordlists import (
    WordList,
    list_of_words,
    look_up_list,
    named,
    notes_on,
)
from skipgram.settings.given_words import Word
from skipgram.system.paths import PathLike
from skipgram.telling.escaping import visible
from skipgram.telling.markup import paragraphs, table
from skipgram.telling.wording import many
from skipgram.vectors.asked import answerable
from skipgram.vectors.given import whole_number
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.neighbors import NO_NOTES, Notes
from skipgram.vectors.word_vectors import WordVectors

TwoLists = tuple[tuple[str, ...], tuple[str, ...]]

_LEAST_WORDS = 2
_ALIKE = 1e-7
"""A smaller standard deviation of s is float32's rounding."""


@dataclass(frozen=True)
class Association:
    """How much nearer X is to A than to B, compared with Y.

    Each pair of lists is in the order in which it was given. Positive numbers say that
    X leans to A, and Y to B.
    """

    effect_size: float
    """d: the difference of the means of s, in standard deviations of s (with n − 1) over all
    target words; in −2..2 for lists of equal sizes"""
    statistic: float
    """Σ s(x) − Σ s(y); where the lists' sizes differ, mean s(x) − mean s(y)"""
    p_value: float
    """one-sided: the share of partitions whose statistic is at least as large"""
    two_sided_p_value: float
    """the share of partitions whose statistic is at least as far from 0"""
    is_exact: bool
    """whether every partition was tried"""
    permutations: int
    """how many partitions were tried, or drawn"""
    scores: dict[str, float]
    """s of each target word, those of X first"""
    targets: TwoLists
    """the words used of X and of Y, as they were given"""
    attributes: TwoLists
    """the words used of A and of B"""
    missing_targets: TwoLists = ((), ())
    """words of X and of Y that have no vector"""
    missing_attributes: TwoLists = ((), ())
    """words of A and of B that have no vector"""
    notes: Notes = NO_NOTES
    """on words that were found in another form, or spelled"""

    def __str__(self) -> str:
        lines = [f"{name}: {value}" for name, value in self._rows()]
        return "\n".join(map(visible, [*lines, *self._told()]))

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return table(("", "association"), self._rows(), "lr") + paragraphs(self._told())

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("effect size d", f"{self.effect_size:.3f}"),
            ("statistic", f"{self.statistic:.4f}"),
            ("p, one-sided", f"{self.p_value:.3g}"),
            ("p, two-sided", f"{self.two_sided_p_value:.3g}"),
        ]

    def _told(self) -> list[str]:
        """Which partitions p is of, how many words were used, and which could not be."""
        x, y, a, b = map(len, (*self.targets, *self.attributes))
        which = "all" if self.is_exact else "drawn"
        told = [
            f"p by {many(self.permutations, 'partition')} ({which})",
            f"targets: {x:,} and {y:,} words; attributes: {a:,} and {b:,} words",
        ]
        if x != y:
            told.append("the target lists' sizes differ: the statistic compares means, not sums")
        used = (*self.targets, *self.attributes)
        missing = (*self.missing_targets, *self.missing_attributes)
        told += [
            f"missing in the {place}: {len(words):,} of {len(words) + len(left):,} words "
            f"({named(words)})"
            for place, words, left in zip(_PLACES, missing, used, strict=True)
            if words
        ]
        return told + self.notes.told()


_PLACES = (
    "first target list",
    "second target list",
    "first attribute list",
    "second attribute list",
)


def association(
    vectors: WordVectors | PathLike,
    targets: Iterable[Iterable[Word]],
    attributes: Iterable[Iterable[Word]],
    *,
    permutations: int = 100_000,
    seed: int = 1,
    spell: bool = False,
) -> Association:
    """Whether words X lean to attributes A, and words Y to B: the association test WEAT.

    s(w) = mean cos(w, a) − mean cos(w, b) is a word's association; the effect size is
    d = (mean s(x) − mean s(y)) / std s(w), the standard deviation over all target words
    with n − 1. The paper does not name the divisor: sent-bias and R's PsychWordVec use
    n − 1 too, while wefe uses n, so its d is larger by √(n / (n − 1)). p counts
    partitions of the target words into lists of the same sizes whose statistic is at
    least as large, this one included, so it is never 0. The paper's lists have equal
    sizes; of others, means are compared instead of sums.

    A word is looked up as by `vectors.similarity`. Those without a vector are left out
    and told, and a word that is given twice counts once.

    Read the result with care. WEAT overestimates bias systematically, and depends on
    which attribute words are listed and on how frequent they are (Ethayarajh et al.
    2019). p says nothing if the words were chosen after looking at their vectors, and of
    several tests some are below any threshold by chance: correct for their number. An
    effect near 0 does not show that there is no bias: what debiasing hides here is still
    found in the words' neighbours (Gonen & Goldberg 2019).

    Source: Caliskan, Bryson & Narayanan 2017 (Science 356:183). Ethayarajh, Duvenaud &
    Hirst 2019 (ACL, P19-1166); Gonen & Goldberg 2019 (NAACL, N19-1061).

    Parameters
    ----------
    vectors
        Vectors, or their path.
    targets
        Two lists of words, (X, Y).
    attributes
        Two lists of words, (A, B). No word may be in two of the four lists.
    permutations
        If there are at most so many partitions, all are tried and p is exact. Otherwise
        so many are drawn, and p is (1 + hits) / (1 + draws).
    seed
        Of the draws. The words' order does not change them.
    spell
        Whether unknown words have the vectors that their spelling gives.

    Raises
    ------
    SettingsError
        If there are not two lists of two words or more, a word is in two lists, or a number
        is too small.
    UnknownWordError
        If fewer than two words of a list have vectors.
    SkipgramError
        If a vector is zero, or all target words have the same association.

    """
    vectors = as_vectors(vectors)
    permutations = whole_number("permutations", permutations, 1)
    seed = whole_number("seed", seed, 0)
    given = [*_two_lists("targets", targets), *_two_lists("attributes", attributes)]
    lists = [
        _list_of(vectors, place, words, spell=spell)
        for place, words in zip(_PLACES, given, strict=True)
    ]
    _require_apart(lists)
    x, y = _associations(vectors, lists)
    difference, spread = x.mean() - y.mean(), np.concatenate((x, y)).std(ddof=1)
    if spread < _ALIKE:
        raise SkipgramError(
            f"all {len(x) + len(y):,} target words have the same association, "
            f"{float(x.mean()):.3g}, so there is no effect to measure; give other words"
        )
    shares = shares_of_partitions(x, y, permutations, seed)
    used, missing = [each.words for each in lists], [each.missing for each in lists]
    forms = (pair for each in lists for pair in each.forms.items())
    scores = np.concatenate((x, y)).tolist()
    return Association(
        effect_size=float(difference / spread),
        statistic=float(x.sum() - y.sum() if len(x) == len(y) else difference),
        p_value=shares.as_large,
        two_sided_p_value=shares.as_far,
        is_exact=shares.is_exact,
        permutations=shares.partitions,
        scores=dict(zip((*used[0], *used[1]), scores, strict=True)),
        targets=(used[0], used[1]),
        attributes=(used[2], used[3]),
        missing_targets=(missing[0], missing[1]),
        missing_attributes=(missing[2], missing[3]),
        notes=notes_on(vectors, forms),
    )


def _two_lists(name: str, given: Any) -> list[Any]:
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise SettingsError(f"{name} must be two lists of words, not {repr(given)[:60]}")
    lists = list(given)
    if len(lists) != 2:
        raise SettingsError(f"{name} must be two lists of words, not {len(lists)}")
    return lists


def _list_of(vectors: WordVectors, place: str, given: Any, *, spell: bool) -> WordList:
    """The words of one list, each once, whatever form it was given in."""
    found = look_up_list(vectors, list_of_words(f"the {place}", given), spell=spell)
    first = {form: word for word, form in reversed(found.forms.items())}
    forms = {word: form for word, form in found.forms.items() if first[form] == word}
    if len(forms) >= _LEAST_WORDS:
        return WordList(forms, found.missing)
    if found.missing:
        total = len(forms) + len(found.missing)
        raise UnknownWordError(
            f"the {place} needs {_LEAST_WORDS} words with vectors, and {len(forms)} of "
            f"{total:,} {'has' if forms else 'have'} one; missing: {named(found.missing)}"
        )
    raise SettingsError(f"the {place} needs {_LEAST_WORDS} words, and has {len(forms)}")


def _require_apart(lists: Sequence[WordList]) -> None:
    """Refuse a word in two lists: it has no side, or, if it is an attribute too, a cosine of 1."""
    place_of: dict[str, str] = {}
    for place, words in zip(_PLACES, lists, strict=True):
        for word in (*words.forms.values(), *words.missing):
            other = place_of.setdefault(word, place)
            if other != place:
                raise SettingsError(
                    f"{word!r:.60} is in the {other} and in the {place}; a word can be in one list"
                )


def _associations(
    vectors: WordVectors, lists: Sequence[WordList]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The associations s of the words of X, and of those of Y."""
    words = [form for each in lists for form in each.forms.values()]
    ends = np.cumsum([len(each.forms) for each in lists])
    x, y, a, b = np.split(answerable(vectors, words, "error").units, ends[:-1])
    axis = a.mean(axis=0) - b.mean(axis=0)
    return x @ axis, y @ axis
