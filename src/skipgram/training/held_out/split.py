"""Which tokens of a corpus are kept out of the training, to be scored afterwards."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import CorpusError, SettingsError

MOST_SHARE = 0.5
MOST_BLOCKS = 1_000
LEAST_BLOCK_TOKENS = 500
"""The fewest tokens of a held-out block, where the corpus is large enough for even one."""
LEAST_HELD_OUT_TOKENS = 2
"""Below that there is no pair."""


@dataclass(frozen=True, eq=False)
class Split:
    """The tokens of a corpus in two parts, as ranges start..stop.

    training: shape (n, 2), int64; held_out: shape (m, 2), int64. Both rise, no
    range is empty, and together they are the whole corpus.

    line_ends: shape (lines,), int64: the corpus's, and all borders of ranges. A
    kernel that is given these lets no window reach from one part into the other.
    """

    training: NDArray[np.int64]
    held_out: NDArray[np.int64]
    line_ends: NDArray[np.int64]

    @classmethod
    def of(cls, corpus: EncodedCorpus, share: float) -> "Split":
        """Hold out about `share` of the tokens, in blocks that are spread evenly over the corpus.

        Nothing is drawn: the same corpus is always split alike. A block begins
        and ends where a line does if one ends within a quarter of its length,
        and cuts a line elsewhere.
        """
        tokens = len(corpus)
        if not 0 < share <= MOST_SHARE:
            raise SettingsError(
                f"holdout {share:g} is not above 0 and at most {MOST_SHARE:g}: give the share of "
                "the corpus to keep out of the training"
            )
        if tokens * share < LEAST_HELD_OUT_TOKENS:
            raise CorpusError(
                f"holdout {share:g} of {tokens:,} tokens is less than a pair; give more text, or "
                "raise holdout (--holdout)"
            )
        blocks = min(MOST_BLOCKS, max(1, int(tokens * share / LEAST_BLOCK_TOKENS)))
        length = int(tokens * share / blocks)
        # A block is in the middle of its part of the corpus and at most half as long: even with
        # both borders moved by a quarter of its length it touches no other.
        starts = ((np.arange(blocks) + 0.5) * tokens / blocks).astype(np.int64) - length // 2
        held_out = _at_line_ends(
            np.stack([starts, starts + length], axis=1), corpus.line_ends, length // 4
        )
        borders = held_out.reshape(-1)
        training = np.concatenate([[0], borders, [tokens]]).reshape(-1, 2)
        return cls(
            training[training[:, 0] < training[:, 1]],
            held_out,
            _with_borders(corpus.line_ends, borders),
        )

    @property
    def held_out_tokens(self) -> int:
        """How many tokens are kept out."""
        return int(np.diff(self.held_out).sum())


def _at_line_ends(
    borders: NDArray[np.int64], line_ends: NDArray[np.int64], most_moved: int
) -> NDArray[np.int64]:
    """Each border at the nearest line end, or where it was if that is farther than `most_moved`."""
    # line_ends[place - 1] < border <= line_ends[place]
    places = np.searchsorted(line_ends, borders)
    ends_behind = line_ends[places]
    ends_before = np.where(places > 0, line_ends[places - 1], 0)
    nearest = np.where(borders - ends_before < ends_behind - borders, ends_before, ends_behind)
    return np.where(np.abs(nearest - borders) <= most_moved, nearest, borders)


def _with_borders(line_ends: NDArray[np.int64], borders: NDArray[np.int64]) -> NDArray[np.int64]:
    """The line ends and the borders, rising, each once; borders rise and are within the corpus."""
    places = np.searchsorted(line_ends, borders)
    is_new = line_ends[places] != borders
    return np.insert(line_ends, places[is_new], borders[is_new])
