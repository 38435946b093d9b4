"""The noise distribution P_n as a table from which a negative is drawn in constant time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skipgram.equations import noise_distribution
from skipgram.errors import SettingsError
from skipgram.randomness import NEGATIVES, draw

SHARE_BITS = 24
"""A slot's share is stored in so many bits: what 64 bits leave beside 40 for the slot."""

MOST_WORDS = 1 << SHARE_BITS
"""With more of them the product of slot bits and words would leave 64 bits."""

MAX_TRIES = 32
"""Draws in a row that may hit the outside word before it is left out by construction."""


@dataclass(frozen=True, eq=False)
class Noise:
    """P_n, and its alias table.

    probabilities: shape (vocab_size,), float64, sums to 1.

    table: shape (vocab_size, 2), int32. Slot i keeps its own word i for the
    first `table[i, 0]` of its 2^24 shares and gives the rest to word
    `table[i, 1]`, so that one uniform draw picks a word in one look-up. A
    word's probability is met to 2^-25 at worst.

    Source: Walker 1977; Vose 1991.
    """

    probabilities: NDArray[np.float64]
    table: NDArray[np.int32]

    @classmethod
    def of(cls, counts: NDArray[np.int64], exponent: float) -> "Noise":
        """The noise of `equations.noise_distribution`.

        Raises
        ------
        SettingsError
            If all the mass lies on one word: beside it there is nothing to draw. If
        there are more than 2^24 words: a draw has no bits for them.

        """
        probabilities = noise_distribution(counts, exponent)
        if np.count_nonzero(probabilities) < 2:
            word = int(np.argmax(probabilities))
            raise SettingsError(
                f"with noise_exponent {exponent:g} all negatives would be the word of id {word}; "
                "choose an exponent nearer to 0"
            )
        if len(probabilities) > MOST_WORDS:
            raise SettingsError(
                f"{len(probabilities):,} words are more than the {MOST_WORDS:,} that negatives can "
                "be drawn from; raise min_count (--min-count)"
            )
        return cls(probabilities, _alias_table(probabilities))

    def negatives(self, stream: int, outside: int, count: int) -> list[int]:
        """`count` negatives for one outside word: the slow twin of the kernel's draws.

        A draw that hits the outside word is taken again. After `MAX_TRIES` in
        a row the conditional distribution is drawn from directly, so that a
        word with nearly all of the mass cannot hang the loop.
        """
        drawn: list[int] = []
        number, tries = NEGATIVES, 0
        while len(drawn) < count:
            bits = draw(stream, number)
            word = self.pick(bits) if tries < MAX_TRIES else self.pick_beside(outside, bits)
            number, tries = number + 1, tries + 1
            if word != outside:
                drawn.append(word)
                tries = 0
        return drawn

    def pick_beside(self, outside: int, bits: int) -> int:
        """The word for 64 uniform bits under P_n given that it is not `outside`."""
        left = (bits >> 11) * 2.0**-53 * (1 - float(self.probabilities[outside]))
        word = outside
        for candidate, probability in enumerate(map(float, self.probabilities)):
            if candidate == outside or probability == 0:
                continue
            word = candidate
            left -= probability
            if left < 0:
                break
        return word

    def pick(self, bits: int) -> int:
        """The word for 64 uniform bits under P_n."""
        slot = ((bits >> SHARE_BITS) * len(self.table)) >> (64 - SHARE_BITS)
        share, other = map(int, self.table[slot])
        return slot if bits & ((1 << SHARE_BITS) - 1) < share else other


def _alias_table(probabilities: NDArray[np.float64]) -> NDArray[np.int32]:
    """Vose's pairing: slots with too little are filled up from one with too much."""
    shares = probabilities * len(probabilities)
    kept = np.ones(len(shares))
    other = np.arange(len(shares), dtype=np.int32)
    small = np.flatnonzero(shares < 1).tolist()
    large = np.flatnonzero(shares >= 1).tolist()
    remaining = shares.tolist()
    while small and large:
        poor, rich = small.pop(), large[-1]
        kept[poor], other[poor] = remaining[poor], rich
        remaining[rich] -= 1 - remaining[poor]
        if remaining[rich] < 1:
            small.append(large.pop())
    table = np.empty((len(shares), 2), np.int32)
    table[:, 0] = np.rint(kept * 2**SHARE_BITS)
    table[:, 1] = other
    return table
