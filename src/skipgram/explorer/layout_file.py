"""A map in a file: beside the vectors that it is of, as the index is, or in the user's cache.

    places     (words, 2) float32       typical    (clusters, 3) int32
    clusters   (words,) uint8

in safetensors, whose header says of which rows, words and settings, and the checksum of
the numbers. It is only a saving of time: a map of other vectors, or made otherwise, is made
anew, and so is one that is damaged, which is told.
"""

import json
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.explorer.clusters import MOST_CLUSTERS, NAMED_BY, NO_CLUSTER
from skipgram.explorer.layout import Layout, LayoutSettings, ShownWords
from skipgram.system.files import whole_file
from skipgram.system.tensor_file import Expected, map_tensors, read_header, write_tensors
from skipgram.untrusted.opening import is_there
from skipgram.untrusted.soundness import require_finite, require_ids
from skipgram.vectors.formats.native import LAYOUTS

OWN, BESIDE = LAYOUTS
"""The map of a set by itself, and the one that starts from another set's."""

_FORMAT = "skipgram layout 1"
_TYPES: dict[str, type[np.generic]] = {
    "places": np.float32,
    "clusters": np.uint8,
    "typical": np.int32,
}
_EXPECTED = {
    "places": Expected(np.float32, 2),
    "clusters": Expected(np.uint8, 1),
    "typical": Expected(np.int32, 2),
}
_ROWS_AT_ONCE = 1 << 14


def fingerprint(shown: ShownWords, settings: LayoutSettings, beside: str = "") -> str:
    """What a map was made of: the rows, their words in their order, the settings.

    beside: the fingerprint of the map that it starts from.
    """
    digest = blake2b(digest_size=16)
    digest.update(json.dumps([settings, beside, len(shown.ids)]).encode())
    rows = shown.vectors.shown_rows
    for start in range(0, len(shown.ids), _ROWS_AT_ONCE):
        some = shown.ids[start : start + _ROWS_AT_ONCE]
        digest.update(np.ascontiguousarray(rows[some], "<f4").data)
        words = shown.words[start : start + _ROWS_AT_ONCE]
        digest.update(json.dumps(words).encode())
    return digest.hexdigest()


def save(layout: Layout, file: Path, made_of: str) -> None:
    """Write the map, in place of one that is there."""
    tensors = {name: getattr(layout, name) for name in _TYPES}
    about = {"format": _FORMAT, "made_of": made_of, "crc32": str(_checksum(tensors))}
    with whole_file(file, overwrite=True) as opened:
        write_tensors(opened, tensors, _TYPES, about)


def load(file: Path, made_of: str, words: int) -> Layout | None:
    """The map that is kept, or None if there is none of these vectors and settings.

    Raises
    ------
    FormatError
        If the file is damaged.

    """
    if not is_there(file):
        return None
    about = read_header(file).metadata
    if about.get("format") != _FORMAT or about.get("made_of") != made_of:
        return None
    tensors = {name: np.array(tensor) for name, tensor in map_tensors(file, _EXPECTED).items()}
    if about.get("crc32") != str(_checksum(tensors)):
        raise FormatError(f"{file} is damaged: not what was written")
    layout = Layout(**tensors)
    _require_sound(layout, words, file)
    return layout


def _require_sound(layout: Layout, words: int, file: Path) -> None:
    """Refuse numbers that no map has: whoever can write a file can write its checksum."""
    shapes = layout.places.shape, layout.clusters.shape, layout.typical.shape
    count = len(layout.typical)
    if shapes != ((words, 2), (words,), (count, NAMED_BY)) or not 0 < count <= MOST_CLUSTERS:
        raise FormatError(f"{file} is damaged: arrays of {shapes} for {words:,} words")
    require_finite(layout.places, f"{file}: places")
    require_ids(layout.typical.reshape(-1) + np.int64(1), words + 1, f"{file}: typical")
    numbers = layout.clusters[layout.clusters != NO_CLUSTER]
    require_ids(numbers, count, f"{file}: clusters")


def _checksum(tensors: Mapping[str, NDArray[Any]]) -> int:
    checksum = 0
    for name, dtype in _TYPES.items():
        numbers = np.ascontiguousarray(tensors[name], np.dtype(dtype).newbyteorder("<"))
        checksum = zlib.crc32(numbers.data, checksum)
    return checksum
