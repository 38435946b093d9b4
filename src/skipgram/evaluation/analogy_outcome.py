"""Which questions were answered correctly, and which are drawn again together.

In a set where each pair of words meets all others of its section, "Athens Greece Baghdad Iraq" and
"Athens Greece Berlin Germany" are right or wrong together: were questions drawn again, as if each
were a new one, 500 of 23 pairs would look as sure as 500 pairs do. So pairs are drawn, and a
question counts as often as the product of its two pairs' draws. Where the questions differ for
themselves this makes the interval up to √3 times too wide, and hardly ever too narrow. Drawn
one by one, questions whose pairs are in four each give intervals that are much too narrow; so they
are only where hardly any pair is in two.

Source: Owen 2007, "The pigeonhole bootstrap", Annals of Applied Statistics 1(2).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.evaluation.resampling import Numbers
from skipgram.evaluation.scores import Outcome

FEWEST_MEETINGS = 1.5
"""Questions that a pair is in, on average; with fewer, questions are drawn again themselves."""


_FEWEST_OF_SECTION = 10
"""Questions: draws of m within a section lose 1/m of their variance."""


@dataclass(frozen=True, eq=False)
class Answered(Outcome):
    """Right and wrong answers."""

    is_right: NDArray[np.bool_]
    """shape (asked,)"""
    pairs: NDArray[np.intp]
    """shape (asked, 2): the set's numbers of the pairs a, b and c, d; each is of one section"""
    sections: NDArray[np.intp]
    """shape (asked,)"""

    names: ClassVar = ("accuracy",)

    @property
    def units(self) -> int:
        """The pairs, or the questions."""
        return self._pairs if self.draws_pairs else len(self.asked)

    @property
    def strata(self) -> NDArray[np.intp]:
        """The section of each; one for all where they are questions of small sections."""
        if not self.draws_pairs:
            sizes = np.bincount(self.sections)
            few = sizes[sizes > 0].min(initial=_FEWEST_OF_SECTION) < _FEWEST_OF_SECTION
            return np.zeros_like(self.sections) if few else self.sections
        strata = np.empty(self._pairs, np.intp)
        strata[self._places] = self.sections[:, None]
        return strata

    @cached_property
    def draws_pairs(self) -> bool:
        """Whether enough questions share their pairs."""
        return 2 * len(self.asked) >= FEWEST_MEETINGS * max(1, self._pairs)

    def at(self, places: NDArray[np.intp]) -> Self:
        return type(self)(
            self.asked[places],
            self.ranks[places],
            self.is_right[places],
            self.pairs[places],
            self.sections[places],
        )

    def __call__(self, weights: Numbers) -> Numbers:
        if self.draws_pairs:
            right, asked = self._sums_over_pairs(np.ascontiguousarray(weights.T))
        else:
            right, asked = weights @ self.is_right, weights.sum(axis=1)
        share: Numbers = np.divide(right, asked, out=np.full(len(weights), np.nan), where=asked > 0)
        return share[None]

    def _sums_over_pairs(self, of_pairs: Numbers) -> Numbers:
        """Right answers and questions of each draw: shape (2, draws).

        Pair by pair, which takes no longer than SciPy's sparse matrices take to be imported.
        """
        sums = np.zeros((2, of_pairs.shape[1]))
        for pair, others, counts in self._meetings:
            sums += of_pairs[pair] * (counts @ of_pairs[others])
        return sums

    @cached_property
    def _meetings(self) -> list[tuple[int, NDArray[np.intp], Numbers]]:
        """A pair, others that it meets in questions, and for each the right answers and questions.

        counts: shape (2, others).
        """
        places = np.sort(self._places, axis=1)  # either order is the same
        order = np.lexsort(places.T[::-1])
        pairs, others = places[order].T
        counts = np.stack([self.is_right[order], np.ones(len(order))])
        borders = [0, *(np.flatnonzero(np.diff(pairs)) + 1).tolist(), len(order)]
        return [
            (int(pairs[start]), others[start:end], counts[:, start:end])
            for start, end in pairwise(borders)
        ]

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Shape (asked, 2): pairs numbered without gaps."""
        _, places = np.unique(self.pairs, return_inverse=True)
        return places.reshape(self.pairs.shape)

    @cached_property
    def _pairs(self) -> int:
        return int(self._places.max(initial=-1)) + 1
