"""What is said of values that are no texts."""

from typing import Any

import pytest

from skipgram.corpus.sources.texts import Texts
from skipgram.errors import CorpusError

GROUP = (
    "; group the numbers into lists, one for each sequence (a basket, a session, a walk), or make "
    "them text"
)
FLOATS = (
    "; give integers or text (pandas turns integers with missing values among them into floats: "
    '.astype("Int64") turns them back)'
)


def refusal(values: Any, column: str = "") -> str:
    """The error at going through them."""
    with pytest.raises(CorpusError) as caught:
        list(Texts(values, column).blocks())
    return str(caught.value)
