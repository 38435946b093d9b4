"""What a page holds to make vectors of unknown words itself: their n-grams, with G in 8 bits.

    ngrams0       the n-grams, as JSON in UTF-8
    ngram_rows0   int8 (n-grams, dim)    G ≈ step · row
    ngram_steps0  float32 (n-grams,)     max |row of G| / 127

A page only needs a vector's direction, which is that of Σ_g G_g: the factor (1 + a) (1 + k)^(−1/2)
before it is positive. No number of a row is off by more than step / 2, so the sum is turned by at
most an angle of

    arcsin(√d Σ_g step_g / (2 |Σ_g G_g|)).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.explorer.blocks import Block, stretches
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.rows import CompactRows
from skipgram.vectors.subwords.spelling import Spelling

Turn = Callable[[NDArray[np.floating]], NDArray[np.floating]]


class OfSpeller(NamedTuple):
    """What a page says of vectors of unknown words.

    described: None if there are none. Otherwise it says by whom they are made: the page itself, its
    server, or nobody, where the table is too large for a page.
    """

    described: dict[str, Any] | None
    blocks: Sequence[Block] = ()
    likely_bytes: int = 0
    """by which the page becomes longer"""


def of_speller(
    vectors: Embedding, number: int, turn: Turn, room_bytes: int, *, is_served: bool
) -> OfSpeller:
    """How a page's first set (0) or second gets vectors of unknown words.

    turn: what is done to a set's rows before they are put into the page.
    """
    speller = vectors.speller
    if speller is None or (isinstance(speller, Spelling) and not speller.says_something):
        return OfSpeller(None)
    if is_served:
        return OfSpeller({"by": "server"})
    # fastText hashes n-grams to millions of rows: no page could hold them.
    if not isinstance(speller, Spelling) or _likely_bytes(speller) > room_bytes:
        return OfSpeller({"by": "nobody"})
    blocks = _blocks(speller, number, turn)
    described = {
        "by": "page",
        "shortest": speller.lengths.shortest,
        "longest": speller.lengths.longest,
        "lowers": vectors.vocabulary.is_lower_case,
        **{name: block.name for name, block in blocks.items()},
    }
    return OfSpeller(described, [*blocks.values()], _likely_bytes(speller))


def _likely_bytes(spelling: Spelling) -> int:
    ngrams, dim = spelling.table.shape
    return (ngrams * (dim + 4 + len('"",')) + len(spelling.ngrams.text)) * 4 // 3


def _blocks(spelling: Spelling, number: int, turn: Turn) -> dict[str, Block]:
    """By what the JSON calls each."""

    def compact() -> Iterator[CompactRows]:
        for stretch in stretches(len(spelling.table)):
            rows = turn(np.asarray(spelling.table[stretch]))
            yield CompactRows.of(rows.astype(np.float32), "int8")

    def text() -> bytes:
        listed = list(spelling.ngrams)
        return json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode()

    return {
        "ngrams": Block(f"ngrams{number}", lambda: iter([np.frombuffer(text(), np.uint8)])),
        "rows": Block(f"ngram_rows{number}", lambda: (some.numbers for some in compact())),
        "steps": Block(f"ngram_steps{number}", lambda: (_steps(some) for some in compact())),
    }


def _steps(rows: CompactRows) -> NDArray[np.float32]:
    return np.asarray(rows.scales, "<f4")
