"""Safetensors files, written a stretch at a time and mapped where they lie.

A file is a header in JSON (for each tensor its type, shape and place) and then the bytes of all
tensors, end to end. The library would do, but for writing it wants each array whole and contiguous,
and its older versions copy all of them, though a model may be larger than the memory that is left;
and for reading it opens anything, even a pipe or a device.

Source: https://github.com/huggingface/safetensors, "Format".
"""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.untrusted.opening import library_errors, map_numbers, open_regular, reason

DTYPES: dict[str, type[np.generic]] = {
    "I64": np.int64,
    "F64": np.float64,
    "F32": np.float32,
    "I32": np.int32,
    "F16": np.float16,
    "U8": np.uint8,
    "I8": np.int8,
}
"""The types of tensors by the format's names for them, in the order in which they are written.

The widest come first, so that each number lies at a multiple of its size.
"""

_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_STRETCH_BYTES = 1 << 22
_ALIGNMENT = 8
_SHOWN = 120
_METADATA = "__metadata__"
_MOST_HEADER_BYTES = 1 << 20
"""Ours have some hundred bytes, those of models with a thousand tensors a tenth of this."""
_BITS = {"BOOL": 8, "F8_E4M3": 8, "F8_E5M2": 8, "BF16": 16, "U16": 16, "I16": 16, "U32": 32}
_BITS |= {"U64": 64, "C64": 64} | {name: 8 * np.dtype(of).itemsize for name, of in DTYPES.items()}
"""Of a number of each type that is known, if only to see whether a tensor fits its place."""


def write_tensors(
    file: BinaryIO,
    tensors: Mapping[str, NDArray[Any]],
    dtypes: Mapping[str, type[np.generic]],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write a file that the safetensors library reads, with a few MB beside the arrays.

    Parameters
    ----------
    file
        Open for writing.
    tensors
        By name; of any strides and types.
    dtypes
        What each is written as, one of `DTYPES`.
    metadata
        Texts for the header.

    """
    order = list(_NAMES)
    names = sorted(tensors, key=lambda name: (order.index(dtypes[name]), name))
    header: dict[str, Any] = {} if metadata is None else {_METADATA: dict(metadata)}
    end = 0
    for name in names:
        start, end = end, end + tensors[name].size * np.dtype(dtypes[name]).itemsize
        header[name] = {
            "dtype": _NAMES[dtypes[name]],
            "shape": tensors[name].shape,
            "data_offsets": [start, end],
        }
    encoded = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % _ALIGNMENT)
    file.write(len(encoded).to_bytes(8, "little"))
    file.write(encoded)
    for name in names:
        _write_numbers(file, tensors[name], np.dtype(dtypes[name]).newbyteorder("<"))


def _write_numbers(file: BinaryIO, tensor: NDArray[Any], dtype: np.dtype[Any]) -> None:
    row_bytes = dtype.itemsize * max(1, tensor[:1].size)
    rows = max(1, _STRETCH_BYTES // row_bytes)
    for start in range(0, len(tensor), rows):
        file.write(np.ascontiguousarray(tensor[start : start + rows], dtype).data)


class Expected(NamedTuple):
    """What a tensor may be."""

    dtype: type[np.generic] | tuple[type[np.generic], ...]
    axes: int
    is_optional: bool = False

    def fits(self, entry: Mapping[str, Any]) -> bool:
        """Whether a header's entry is so."""
        dtypes = self.dtype if isinstance(self.dtype, tuple) else (self.dtype,)
        return DTYPES.get(entry["dtype"]) in dtypes and len(entry["shape"]) == self.axes

    def __str__(self) -> str:
        dtypes = self.dtype if isinstance(self.dtype, tuple) else (self.dtype,)
        named = " or ".join(str(np.dtype(dtype)) for dtype in dtypes)
        return f"{named} with {self.axes} {'axis' if self.axes == 1 else 'axes'}"


class Header(NamedTuple):
    """What a file says of itself."""

    tensors: dict[str, dict[str, Any]]
    """of each tensor its `dtype`, `shape` and `data_offsets`, which lie in the file"""
    metadata: dict[str, Any]
    begin: int
    """where in the file the first tensor's bytes are"""


def map_tensors(file: Path, expected: Mapping[str, Expected]) -> dict[str, NDArray[Any]]:
    """The expected tensors of a safetensors file, mapped where they lie."""
    header = read_header(file)
    tensors = {}
    for name, wanted in expected.items():
        if wanted.is_optional and name not in header.tensors:
            continue
        entry = header.tensors.get(name)
        if entry is None or not wanted.fits(entry):
            raise FormatError(f"{file}: {name} should be {wanted}, found {_told(entry)}")
        shape, offset = tuple(entry["shape"]), header.begin + entry["data_offsets"][0]
        tensors[name] = map_numbers(file, DTYPES[entry["dtype"]], shape, offset=offset)
    return tensors


def read_header(file: Path, what: str = "damaged or truncated", way_out: str = "") -> Header:
    """The header, once it is known to fit the file: all tensors are in it, end to end.

    Parameters
    ----------
    file
        Of safetensors.
    what, way_out
        What a damaged file is called in the message, and what to do about it.

    """

    def damaged(why: str) -> FormatError:
        return FormatError(f"{file} is {what}: {why}{way_out}")

    with open_regular(file) as opened, library_errors(file):
        size = os.fstat(opened.fileno()).st_size
        length = int.from_bytes(opened.read(8), "little")
        begin = 8 + length
        if begin > size or length > _MOST_HEADER_BYTES:
            raise damaged(f"its header would have {length:,} bytes")
        try:
            header = json.loads(opened.read(length).decode())
            metadata = dict(header.pop(_METADATA, {}))
            places = sorted(map(_place, header.values()))
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise damaged(reason(error)) from error
    end = 0
    for start, stop in places:
        if start != end:
            raise damaged(f"its tensors do not lie end to end at byte {begin + end:,}")
        end = stop
    if begin + end != size:
        raise damaged(f"it has {size:,} bytes where its header promises {begin + end:,}")
    return Header(header, metadata, begin)


def _place(entry: Any) -> tuple[int, int]:
    """Where a tensor's bytes begin and end, if its entry is sound."""
    (start, stop), shape = entry["data_offsets"], entry["shape"]
    numbers = [start, stop, *shape]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError(f"a shape or a place is {numbers}"[:_SHOWN])
    if 8 * (stop - start) != math.prod(shape) * _BITS[entry["dtype"]]:
        raise ValueError(f"{stop - start:,} bytes for {entry['dtype']} of shape {shape}"[:_SHOWN])
    return start, stop


def _told(entry: Mapping[str, Any] | None) -> str:
    """What a tensor is, in NumPy's words."""
    if entry is None:
        return "nothing"
    kind = entry["dtype"]
    named = np.dtype(DTYPES[kind]) if kind in DTYPES else kind
    return f"{named} of shape {tuple(entry['shape'])}"
