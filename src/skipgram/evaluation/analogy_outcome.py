"""Which questions were answered correctly, and which are drawn again together.

In a set where each pair of words meets all others of its section, "Athens Greece Baghdad Iraq" and
"Athens Greece Berlin Germany" are right or wrong together: were questions drawn again, as if each
were a new one, 500 of 23 pairs would look as sure as 500 pairs do. So pairs are drawn, and a
question counts as often as the product of its two pairs' draws. Where the questions differ for
themselves this makes the interval somewhat too wide, and never too narrow.

Source: Owen 2007, "The pigeonhole bootstrap", Annals of Applied Statistics 1(2).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from skipgram.evaluation.resampling import Numbers
from skipgram.evaluation.scores import Outcome

FEWEST_QUESTIONS_A_PAIR = 4
"""On average; where pairs meet fewer others, questions are drawn again themselves."""


@dataclass(frozen=True, eq=False)
class Answered(Outcome):
    """Right and wrong answers."""

    is_right: NDArray[np.bool_]
    """shape (asked,)"""
    pairs: NDArray[np.intp]
    """shape (asked, 2): the set's numbers of the pairs a, b and c, d; each is of one section"""
    sections: NDArray[np.intp]
    """shape (asked,)"""

    names: ClassVar = ("answered correctly",)

    @property
    def units(self) -> int:
        """The pairs, or the questions."""
        return self._pairs if self.draws_pairs else len(self.asked)

    @property
    def strata(self) -> NDArray[np.intp]:
        """The section of each."""
        if not self.draws_pairs:
            return self.sections
        strata = np.empty(self._pairs, np.intp)
        strata[self._places] = self.sections[:, None]
        return strata

    @cached_property
    def draws_pairs(self) -> bool:
        """Whether enough questions share their pairs."""
        return len(self.asked) >= FEWEST_QUESTIONS_A_PAIR * max(1, self._pairs)

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
            of_pairs = np.ascontiguousarray(weights.T)
            right, asked = (
                np.einsum("ij,ij->j", of_pairs, counts @ of_pairs)
                for counts in (self._counts(self.is_right), self._counts())
            )
        else:
            right, asked = weights @ self.is_right, weights.sum(axis=1)
        share: Numbers = np.divide(right, asked, out=np.full(len(weights), np.nan), where=asked > 0)
        return share[None]

    def _counts(self, chosen: NDArray[np.bool_] | slice = slice(None)) -> Any:
        """How many of the chosen questions two pairs have in common: shape (pairs, pairs)."""
        places = np.sort(self._places[chosen], axis=1)  # either order is the same
        counts = scipy.sparse.coo_matrix((np.ones(len(places)), places.T), (self._pairs,) * 2)
        return counts.tocsr()

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Shape (asked, 2): pairs numbered without gaps."""
        _, places = np.unique(self.pairs, return_inverse=True)
        return places.reshape(self.pairs.shape)

    @cached_property
    def _pairs(self) -> int:
        return int(self._places.max(initial=-1)) + 1
