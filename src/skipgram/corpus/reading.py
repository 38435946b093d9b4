"""Files into blocks of whole tokens: text keeps its order, and its bytes."""

import bz2
import gzip
import lzma
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from skipgram.errors import CorpusError

BLOCK_BYTES = 1 << 20

_BLANKS = b" \t\n\r\x0b\x0c"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_UNPACKERS: dict[bytes, Callable[[BufferedReader], Any]] = {
    rb"\x1f\x8b\x08": gzip.open,
    rb"BZh[1-9](1AY&SY|\x17rE8P\x90)": bz2.open,  # a text may begin with BZh
    rb"\xfd7zXZ\x00": lzma.open,
}


@dataclass(frozen=True)
class TextFile:
    """A plain-text file, packed or not, that is there and not empty."""

    path: Path
    size_bytes: int

    @classmethod
    def at(cls, path: Path) -> "TextFile":
        """Look before reading.

        Raises
        ------
        CorpusError
            If there is no such file, it is a folder, or it has no content.

        """
        try:
            found = path.stat()
        except (OSError, ValueError) as error:  # a ValueError for a name no file can have
            raise CorpusError(f"{path}: {_reason(error)}") from error
        if stat.S_ISDIR(found.st_mode):
            raise CorpusError(f"{path} is a folder; name the text files in it, as in {path}/*.txt")
        if stat.S_ISREG(found.st_mode) and found.st_size == 0:
            raise CorpusError(f"{path} is empty; there is no text to train on")
        return cls(path, found.st_size)

    def blocks(self) -> Iterator[tuple[bytes, int]]:
        """(block, bytes of the file read so far), each block ending at a blank or the file's end.

        So no block border splits a token or a character. gzip, bzip2 and xz
        are unpacked, known by their content and not by their name; a
        byte-order mark before the text is left out.

        Raises
        ------
        CorpusError
            If the file cannot be read, or its packing is damaged.

        """
        try:
            with self.path.open("rb") as raw:
                text = self._unpacked(raw)
                rest = bytearray(text.read(len(_BYTE_ORDER_MARK)))
                if rest == _BYTE_ORDER_MARK:
                    rest.clear()
                if rest.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise CorpusError(
                        f"{self.path} is UTF-16; turn it into UTF-8 first "
                        "(iconv -f UTF-16 -t UTF-8)"
                    )
                for piece in iter(lambda: text.read(BLOCK_BYTES), b""):
                    end = 1 + max(piece.rfind(blank) for blank in _BLANKS)
                    rest += piece[:end]
                    if end:
                        yield bytes(rest), raw.tell() if raw.seekable() else 0
                        rest.clear()
                    rest += piece[end:]
                if rest:
                    yield bytes(rest), self.size_bytes
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise CorpusError(f"{self.path}: {_reason(error)}") from error

    def _unpacked(self, raw: BufferedReader) -> Any:
        start = raw.peek(10)
        if start.startswith(_ZSTANDARD):
            raise CorpusError(f"{self.path} is packed with Zstandard; unpack it first (zstd -d)")
        for magic, unpacker in _UNPACKERS.items():
            if re.match(magic, start):
                return unpacker(raw)
        return raw


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
