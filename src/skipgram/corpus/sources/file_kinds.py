"""Files that hold neither text nor vectors as they are: known by their first bytes.

Each magic number is longer, or stranger, than what a text may begin with: one that begins with
"PK", "BZ" or "Rar!" is a text. Without such a number, a file is taken for something other than text
only if all its first bytes are just that.
"""

import re
from dataclasses import dataclass
from io import BytesIO

import numpy as np

START_BYTES = 4096
"""Enough to know each kind by."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file."""

    name: str
    """with its article"""
    unpacking: str = ""
    """how to get at its contents, of any kind"""
    as_text: str = ""
    """how to make text of it, where there is another way than unpacking"""
    runs_code: bool = False
    """reading it may run code that it holds"""


def _archive(name: str, command: str = "") -> FileKind:
    return FileKind(name, f"unpack it{command}, and give the file inside")


_EXPORT = "export its text from the program that wrote it"
_TO_CSV = "export the table as CSV, and name its column (--column NAME)"

_ZIP = FileKind("a zip archive", "unzip it, and give the file inside")
_PICKLE = FileKind("a pickle", as_text="write what it holds as text", runs_code=True)

_KINDS: dict[bytes, FileKind] = {
    rb"PK(\x03\x04|\x05\x06|\x07\x08)": _ZIP,
    rb".{257}ustar(\x00|  \x00)": _archive("a tar archive", " (tar -xf)"),
    rb"7z\xbc\xaf\x27\x1c": _archive("a 7z archive"),
    rb"Rar!\x1a\x07": _archive("a RAR archive"),
    rb"\x1f\x9d[\x80-\x9f]": _archive("a file compressed with compress", " (uncompress)"),
    rb"\x04\x22\x4d\x18": _archive("an LZ4 file", " (lz4 -d)"),
    rb"LZIP[\x00\x01]": _archive("an lzip file", " (lzip -d)"),
    rb"\x5d\x00\x00..\xff{8}": _archive("an LZMA file", " (unlzma)"),
    rb"\xff\x06\x00\x00sNaPpY": _archive("a Snappy file"),
    rb"%PDF-\d\.\d[\r\n]": FileKind("a PDF document", as_text="extract its text (pdftotext)"),
    rb"\{\\rtf\d\\": FileKind("a rich text document (RTF)", as_text=_EXPORT),
    rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": FileKind("an old Office document", as_text=_EXPORT),
    rb"SQLite format 3\x00": FileKind("an SQLite database", as_text=_TO_CSV),
    rb"FEA1\x00{4}": FileKind("a Feather file of version 1", "write it as version 2"),
    rb"Obj\x01": FileKind("an Avro file", "write it as Parquet"),
    rb"ORC.{0,8}?[\x00-\x08\x0e-\x1a\x1c-\x1f]": FileKind("an ORC file", "write it as Parquet"),
    rb"\x93NUMPY": FileKind(
        "a NumPy array",
        as_text="write it as text, or give an array of texts from Python (skipgram.Texts)",
    ),
    rb"\x89HDF\r\n\x1a\n": FileKind("an HDF5 file", as_text="write what it holds as text"),
    rb"\x80[\x02-\x05]": _PICKLE,
    rb"...[\x00-\x05]\x00{4}\{[\"}]": FileKind(
        "a safetensors file",
        as_text="`skipgram vocabulary` alone takes a saved vocabulary, and not from a pipe",
    ),
    rb"GGUF[\x01-\x03]\x00\x00\x00": FileKind("a GGUF file"),
    rb"\x7fELF": FileKind("a program"),
    rb"\x89PNG\r\n\x1a\n": FileKind("a PNG image"),
    rb"\xff\xd8\xff": FileKind("a JPEG image"),
    rb"GIF8[79]a....[\x80-\xff].\x00": FileKind("a GIF image"),
    rb"RIFF...[\x00-\x08](WEBP|WAVE|AVI )": FileKind("an image, sound or video file (RIFF)"),
}
_ZIPPED = {
    rb"\[Content_Types\]\.xml|_rels/|docProps/|word/|xl/|ppt/": FileKind(
        "an Office document", as_text=f"{_EXPORT}; of a spreadsheet, {_TO_CSV}"
    ),
    rb"mimetype": FileKind("an OpenDocument or EPUB file", as_text=_EXPORT),
    rb"[^/]+/(data\.pkl|\.format_version|\.data/)": FileKind(
        "a PyTorch file", as_text=_PICKLE.as_text, runs_code=True
    ),
    rb"[^/]+\.npy": FileKind("a NumPy archive (.npz)", "save the array you want (numpy.save)"),
}
"""What a zip archive is, by the name of the first file in it."""
_NAME = 30
"""Where that name is in the archive; its length is in the two bytes four before it."""


_VECTORS = "give the text that the vectors were trained on"
_WORD2VEC = FileKind("a file of word2vec vectors (binary)", as_text=_VECTORS)
_FASTTEXT = FileKind("a fastText model", as_text=_VECTORS)
_FASTTEXT_MAGIC = (793712314).to_bytes(4, "little")
_WORD2VEC_HEADER = re.compile(rb"\s*\d{1,12} (\d{1,6})\s*\n[^ \n]+ ")
_LEAST_VECTOR_BYTES = 16
_LARGEST_NUMBER = 1e4
"""In a vector; four bytes that end in a letter make a number beyond 10^5."""
_CONTROLS = frozenset({*range(32), 127} - set(b"\t\n\v\f\r\x1b"))
_OLD_PICKLES = b"(]})cVSXUTI"
"""How those of protocols 0 and 1 begin that hold more than one number."""
_FEWEST_NAMES = 2
"""Names at the beginning of such a pickle; with fewer it may be a text."""


def file_kind(start: bytes) -> FileKind | None:
    """What a file is that begins like this (`START_BYTES`); None if it may be text or vectors."""
    for magic, kind in _KINDS.items():
        if re.match(magic, start, re.DOTALL):
            return _of_zip(start) if kind is _ZIP else kind
    return _PICKLE if _is_old_pickle(start) else None


def other_than_text(start: bytes) -> FileKind | None:
    """As `file_kind`, but for vectors as well; None if it may be text."""
    if start.startswith(_FASTTEXT_MAGIC):
        return _FASTTEXT
    return _WORD2VEC if _is_word2vec(start) else file_kind(start)


def _is_old_pickle(start: bytes) -> bool:
    """Whether all bytes are steps of a pickle of protocol 0 or 1, which are mostly letters."""
    if start[:1] not in _OLD_PICKLES or not start:
        return False
    import pickletools  # it lists the steps without running them

    file, names, ends = BytesIO(start), 0, False
    try:
        for step, number, _ in pickletools.genops(file):
            names += step.name in ("PUT", "BINPUT", "LONG_BINPUT")
            ends = step.name == "STOP"
            if step.proto > 1 or (names == 1 and step.name == "PUT" and number not in (0, 1)):
                return False
    except ValueError:  # not a step, or one that goes on beyond these bytes
        if file.tell() < len(start) or len(start) < START_BYTES:
            return False
    return names >= (1 if ends else _FEWEST_NAMES)


def _is_word2vec(start: bytes) -> bool:
    """Whether a header and a word are followed by bytes that are numbers, and no text."""
    header = _WORD2VEC_HEADER.match(start)
    if header is None:
        return False
    numbers = start[header.end() :][: 4 * int(header[1])]
    numbers = numbers[: len(numbers) // 4 * 4]
    if len(numbers) < _LEAST_VECTOR_BYTES or _is_text(numbers):
        return False
    found = np.frombuffer(numbers, "<f4")
    return bool(np.isfinite(found).all() and np.abs(found).max() < _LARGEST_NUMBER)


def _is_text(found: bytes) -> bool:
    """Whether bytes are UTF-8, if cut off, without control characters."""
    try:
        found.decode()
    except UnicodeDecodeError as error:
        if error.start < len(found) - 3:
            return False
    return _CONTROLS.isdisjoint(found)


def _of_zip(start: bytes) -> FileKind:
    length = int.from_bytes(start[_NAME - 4 : _NAME - 2], "little")
    first = start[_NAME : _NAME + length]
    return next((kind for name, kind in _ZIPPED.items() if re.match(name, first)), _ZIP)
