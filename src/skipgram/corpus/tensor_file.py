"""Safetensors files, written a stretch at a time.

A file is a header in JSON (for each tensor its type, shape and place) and then
the bytes of all tensors, end to end. The library reads it; but to write, it
wants each array whole and contiguous, and its older versions copy all of them.
A model is larger than what may be free beside it.

Source: https://github.com/huggingface/safetensors, "Format".
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from skipgram.errors import FormatError

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
    header: dict[str, Any] = {} if metadata is None else {"__metadata__": dict(metadata)}
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
        return f"{named} with {self.axes} axes"


def map_tensors(file: Path, expected: Mapping[str, Expected]) -> dict[str, NDArray[Any]]:
    """The expected tensors of a safetensors file, mapped where they lie.

    Raises
    ------
    FormatError
        If the file is missing, damaged or truncated, or a tensor is not as expected.

    """
    header, begin = _checked_header(file)
    tensors = {}
    for name, wanted in expected.items():
        if wanted.is_optional and name not in header:
            continue
        entry = header.get(name, {"dtype": "nothing", "shape": ()})
        shape = tuple(entry["shape"])
        if not wanted.fits(entry):
            raise FormatError(
                f"{file}: {name} should be {wanted}, found {entry['dtype']} of shape {shape}"
            )
        dtype, offset = DTYPES[entry["dtype"]], begin + entry.get("data_offsets", (0,))[0]
        tensors[name] = (
            np.zeros(shape, dtype)
            if 0 in shape
            else np.memmap(file, dtype, "r", offset, shape).view(np.ndarray)
        )
    return tensors


def _checked_header(file: Path) -> tuple[dict[str, Any], int]:
    """The header, and where what it tells of begins."""
    try:
        with safe_open(file, "numpy"):  # checks the header against the file's length
            pass
    except (SafetensorError, OSError) as error:
        raise FormatError(f"{file} is damaged or truncated: {error}") from None
    with file.open("rb") as opened:
        header_bytes = int.from_bytes(opened.read(8), "little")
        return json.loads(opened.read(header_bytes)), 8 + header_bytes
