"""Several arrays in one file of a storage, and one array in several."""

import numpy as np
import pytest

from skipgram.cluster.packing import Bundle, Pieces


def test_arrays_come_back_from_one_file_as_they_were(in_process_cluster):
    storage = in_process_cluster.storage
    arrays = [
        np.arange(3, dtype=np.uint16),
        np.zeros((0, 4)),
        np.arange(6, dtype=np.int64).reshape(2, 3)[:, ::2],
        np.array([1.5, -0.0]),
        np.array([7], np.uint8),
    ]
    bundle = Bundle.write(storage, arrays)
    for found, array in zip(bundle.read(), arrays, strict=True):
        assert found.dtype == array.dtype
        assert found.flags.aligned
        assert found.flags.writeable
        np.testing.assert_array_equal(found, array)
    storage.remove(bundle.stored)
    nothing = Bundle.write(storage, [np.zeros(0, np.int32)])
    assert nothing.read()[0].shape == (0,)


def test_an_array_in_pieces_is_read_from_anywhere_to_anywhere(in_process_cluster):
    storage, array = in_process_cluster.storage, np.arange(23, dtype=np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("skipgram.cluster.packing.PIECE_BYTES", 20)
        pieces = Pieces.write(storage, array)
    assert [stored.shape[0] for stored in pieces.pieces] == [5, 5, 5, 5, 3]
    for start in range(24):
        for stop in range(start, 24):
            np.testing.assert_array_equal(pieces.read(start, stop), array[start:stop])
    storage.remove(*pieces.pieces)
