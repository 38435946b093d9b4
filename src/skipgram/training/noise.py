"""The noise distribution P_n as a table from which a negative is drawn in constant time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skipgram.equations import noise_distribution
from skipgram.equations.draws import NEGATIVES, draw
from skipgram.errors import SettingsError

SHARE_BITS = 24
"""Bits for a slot's share: what 40 bits for the slot leave of 64."""

MOST_WORDS = 1 << SHARE_BITS
"""With more of them the product of slot bits and words would overflow 64 bits."""

MAX_TRIES = 32
"""Draws in a row that may hit the outside word before it is excluded by construction."""


@dataclass(frozen=True, eq=False)
class Noise:
    """P_n, and its alias table.

    probabilities: shape (vocab_size,), float64, sums to 1.

    table: shape (vocab_size, 2), int32. Slot i keeps its own word i for the
    first `table[i, 0]` of its 2^24 shares and gives the rest to word
    `table[i, 1]`, so that one uniform draw picks a word in one look-up. A
    word's probability is exact to 2^-25 / vocab_size, the most probable word's
    to 2^-25 at worst.

    Source: Walker 1977; Vose 1991.
    """

    probabilities: NDArray[np.float64]
    table: NDArray[np.int32]

    @classmethod
    def of(cls, counts: NDArray[np.int64], exponent: float) -> "Noise":
        """The noise of `equations.noise_distribution`."""
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

        A draw that hits the outside word is repeated. After `MAX_TRIES` in a
        row the draw is from the conditional distribution, so that a word with
        nearly all of the mass cannot hang the loop.
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
    """Vose's pairing: slots with too little are filled up, each from one with too much.

    Shares are whole numbers, so nothing is lost to rounding. Lay the gaps of the
    poor slots end to end on a line, and the surpluses of the rich ones on another,
    both in order of their ids; the lines are equally long. A gap is filled by the
    rich slot whose surplus contains its start. What reaches beyond that surplus
    is then missing from the rich slot itself, and comes from the next rich slot.
    """
    words, full = len(probabilities), 1 << SHARE_BITS
    shares = _whole_shares(probabilities, words * full)
    poor, rich = np.flatnonzero(shares < full), np.flatnonzero(shares >= full)
    gap_ends = np.cumsum(full - shares[poor])
    surplus_ends = np.cumsum(shares[rich] - full)
    borders = np.append(0, gap_ends)
    table = np.empty((words, 2), np.int32)
    table[poor, 0] = shares[poor]
    table[poor, 1] = rich[np.searchsorted(surplus_ends, borders[:-1], "right")]
    table[rich, 0] = full - (borders[np.searchsorted(borders, surplus_ends)] - surplus_ends)
    table[rich, 1] = np.append(rich[1:], rich[-1])  # the last one lacks nothing
    return table


def _whole_shares(probabilities: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """The words' shares of `total`, rounded; the most probable word absorbs the difference."""
    shares = np.rint(probabilities * total).astype(np.int64)
    shares[probabilities.argmax()] += total - shares.sum()
    return shares
