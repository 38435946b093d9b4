"""Arrays in a storage: read as they were written, or an error that names the file."""

import uuid

import numpy as np
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from helpers.random_models import law
from skipgram.cluster import storage as module
from skipgram.cluster.storage import Storage
from skipgram.errors import ClusterError


@pytest.fixture
def storage():
    of = Storage(f"memory://{uuid.uuid4().hex}")
    of.create()
    yield of
    of.clear()


@law
@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.uint8]),
        arrays.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=9),
    ),
    st.data(),
)
def test_an_array_or_any_of_its_rows_is_read_as_it_was_written(array, data):
    storage = Storage("memory://arrays")
    stored = storage.write(array)
    start = data.draw(st.integers(0, len(array)))
    stop = data.draw(st.integers(start, len(array)))
    for found, expected in ((stored.read(), array), (stored.read(start, stop), array[start:stop])):
        assert found.dtype == expected.dtype
        assert found.flags.writeable
        np.testing.assert_array_equal(found, expected)
    storage.remove(stored)
    storage.remove(stored)


def test_a_file_that_is_cut_short_is_refused(storage, monkeypatch):
    monkeypatch.setattr(module, "WAITS", ())
    stored = storage.write(np.arange(10))
    MemoryFileSystem().pipe_file(stored.url.removeprefix("memory:/"), b"short")
    with pytest.raises(ClusterError, match=r"it has 5 bytes there and not 80; cluster_storage"):
        stored.read()


def test_an_access_that_fails_for_a_while_is_tried_again(storage, monkeypatch):
    monkeypatch.setattr(module, "WAITS", (0.0, 0.0, 0.0))
    stored, failures = storage.write(np.arange(10)), [OSError("busy")] * 3
    whole = MemoryFileSystem.cat_file

    def cat_file(self, *arguments, **options):
        if failures:
            raise failures.pop()
        return whole(self, *arguments, **options)

    monkeypatch.setattr(MemoryFileSystem, "cat_file", cat_file)
    np.testing.assert_array_equal(stored.read(), np.arange(10))
    failures += [OSError("busy")] * 4
    with pytest.raises(ClusterError, match="cannot be read: busy"):
        stored.read()


def test_two_writes_never_share_a_name(storage):
    assert storage.write(np.arange(3)) != storage.write(np.arange(3))
