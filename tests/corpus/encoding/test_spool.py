"""What a spool gives back is what it was given, or an error."""

import io
import tempfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.corpus.encoding.spool import Chunk, Spool
from skipgram.errors import SkipgramError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)


@st.composite
def drawn_chunks(draw: st.DrawFn) -> Chunk:
    types = draw(st.integers(1, 5))
    numbers = draw(st.lists(st.integers(0, types - 1), max_size=9))
    ends = sorted(draw(st.lists(st.integers(0, len(numbers)), max_size=4)))
    return Chunk(
        np.array(numbers, np.int32), np.array(ends, np.int64), np.arange(types, dtype=np.int32) * 7
    )


@law
@given(st.lists(drawn_chunks(), max_size=5), st.sampled_from([1, 100, 1 << 20]))
def test_chunks_come_back_as_often_as_one_likes(chunks: list[Chunk], memory_bytes: int) -> None:
    with Spool(memory_bytes=memory_bytes) as spool:
        for chunk in chunks:
            spool.append(chunk)
        for _ in range(2):
            assert [[array.tolist() for array in found[:3]] for found in spool] == [
                [array.tolist() for array in chunk[:3]] for chunk in chunks
            ]


def test_a_spool_that_lost_its_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.arange(10, dtype=np.int32)
    file = io.BytesIO()
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda *given, **options: file)
    with Spool() as spool:
        spool.append(Chunk(numbers, np.array([10], np.int64), numbers))
        file.truncate(30)
        with pytest.raises(SkipgramError, match="it is shorter than what was written"):
            list(spool)
