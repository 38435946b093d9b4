"""The most frequent words, as a table for notebooks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skipgram.telling.markup import Markup, bar, paragraphs, table
from skipgram.telling.wording import many

_SHOWN = 10


def frequent_words(
    words: Sequence[str], counts: NDArray[np.int64], by_count: NDArray[np.int64]
) -> Markup:
    """The first of the ids `by_count`, with their counts; and how many more there are."""
    ids = by_count[:_SHOWN].tolist()
    most = int(counts[ids[0]]) if ids else 0
    if most:
        rows = [
            (words[number], f"{int(counts[number]):,}", bar(int(counts[number]) / most))
            for number in ids
        ]
        shown = table(["word", "count", ""], rows, "lr")
    else:  # a file of vectors without counts
        shown = table(["word"], [(words[number],) for number in ids])
    more = len(words) - len(ids)
    return Markup(shown + paragraphs([f"and {many(more, 'more word')}"] if more else []))
