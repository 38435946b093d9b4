"""The text in a stream of bytes, packed or not.

The standard library's readers silently drop what follows a bzip2 or xz stream. Our own loop over
the decompressors makes sure that every byte of a file either becomes text or is an error.
"""

import bz2
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from skipgram.errors import CorpusError
from skipgram.system.extras import data_module
from skipgram.untrusted.opening import reason

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_TEXT_BYTES = 1 << 20
"""How much text is unpacked at a time: a small file may hold a lot of it."""
_PACKED_BYTES = 1 << 16
_FRAME_BYTES = 1 << 10
"""Four bytes of a Zstandard frame may hold 128 KB, so that these give 32 MB at most."""
_LONGEST_MAGIC = 10


class RawBytes(Protocol):
    """What is asked of a file, a pipe or a remote file; it need not be able to seek."""

    def read(self, size: int, /) -> bytes | None: ...


class UnpackedText(io.RawIOBase):
    """The text in `raw`; gzip, bzip2, xz and Zstandard are known by content, not by name.

    `raw` may hold several packed streams, one after the other. It stays open
    when this stream is closed.
    """

    def __init__(self, raw: RawBytes, name: str) -> None:
        super().__init__()
        self.name = name
        self.bytes_read = 0
        """of `raw`, so far"""
        # A buffered pipe's `read` waits until it has all that was asked for, and ignores signals in
        # between; `read1` gives what there is.
        self._raw = raw
        self._read_some: Callable[[int], bytes | None] = getattr(raw, "read1", raw.read)
        self._text_bytes = 0
        self._ahead = start = self._start()
        self._place = 0  # in `_ahead`: what is before it has been given out
        self._pieces: Iterator[bytes] | None = None
        self.packing = ""
        """what it is packed with, or nothing"""
        for packing in _PACKINGS:
            if re.match(packing.magic, start, re.DOTALL):
                self.packing = packing.name
                self._ahead = b""
                self._pieces = self._unpacked(packing, start)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes of text, at most `size` of them and none only at the end."""
        if size < 0:
            return self.readall()
        if self._place == len(self._ahead):
            self._ahead, self._place = self._more(size), 0
        # A piece that is asked for as a whole is not copied.
        piece = self._ahead[self._place : self._place + size]
        self._place += len(piece)
        return piece

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """As `read`, for `io.BufferedReader`."""
        place = memoryview(buffer).cast("B")
        piece = self.read(len(place))
        place[: len(piece)] = piece
        return len(piece)

    def peek(self, size: int) -> bytes:
        """The next `size` bytes of text, fewer only at the end; they are still to be read."""
        if self._place + size <= len(self._ahead):  # or each peek would copy all that is ahead
            return self._ahead[self._place : self._place + size]
        pieces = [self._ahead[self._place :]]
        missing = size - len(pieces[0])
        while missing > 0 and (piece := self._more(missing)):
            pieces.append(piece)
            missing -= len(piece)
        self._ahead, self._place = b"".join(pieces), 0
        return self._ahead[:size]

    def _more(self, size: int) -> bytes:
        if self._pieces is None:
            return self._read_raw(size)
        return next(self._pieces, b"")

    def _start(self) -> bytes:
        """Enough to know a packing by; a pipe may give it in several pieces."""
        start = b""
        while len(start) < _LONGEST_MAGIC and (piece := self._read_raw(_LONGEST_MAGIC)):
            start += piece
        return start

    def _read_raw(self, size: int) -> bytes:
        try:
            # `read1` gives nothing at the end, and also for a non-blocking stream without data;
            # `read` distinguishes the two.
            piece = self._read_some(size) or self._raw.read(1)
        except Exception as error:  # any type, depending on the library
            raise self._stop(reason(error)) from error
        if piece is None:
            raise self._stop("a non-blocking stream has no data yet")
        self.bytes_read += len(piece)
        return piece

    def _unpacked(self, packing: "_Packing", packed: bytes) -> Iterator[bytes]:
        """The text of one stream after the other, in pieces of bounded size."""
        begin = 0
        while packed:
            decoder = packing.decoder()
            behind = f"after a complete {packing.name} stream: " if begin else ""
            while not decoder.eof:
                try:
                    text = decoder.decompress(packed, _TEXT_BYTES)
                except MemoryError as error:
                    raise CorpusError(
                        f"{self.name}: decompressing it ({packing.name}) needs more memory than "
                        "there is"
                    ) from error
                except Exception as error:  # each library raises its own
                    place = begin if behind else self.bytes_read
                    raise self._damage(place, behind + reason(error)) from error
                behind = ""  # it began well
                self._text_bytes += len(text)
                if text:
                    yield text
                # zlib gives back what it had no room to unpack, bz2 and lzma keep it.
                packed = getattr(decoder, "unconsumed_tail", b"")
                if not packed and not decoder.eof and getattr(decoder, "needs_input", True):
                    packed = self._read_raw(_PACKED_BYTES)
                    if not packed and not text:  # nothing is left, inside or outside
                        raise self._damage(
                            self.bytes_read, f"it ends inside a {packing.name} stream"
                        )
            packed = self._behind_padding(packing, decoder.unused_data)
            begin = self.bytes_read - len(packed)

    def _behind_padding(self, packing: "_Packing", packed: bytes) -> bytes:
        """What follows a stream: the next one, or nothing."""
        zeros = 0
        while packed or (packed := self._read_raw(_PACKED_BYTES)):
            rest = packed.lstrip(b"\0") if packing.padding else packed
            zeros += len(packed) - len(rest)
            packed = rest
            if rest:
                break
        if zeros and zeros % packing.padding:
            raise self._damage(self.bytes_read - len(packed), f"{zeros:,} zeros are not padding")
        return packed

    def _stop(self, why: str) -> CorpusError:
        return CorpusError(f"{self.name}: cannot be read beyond byte {self.bytes_read:,}: {why}")

    def _damage(self, place: int, why: str) -> CorpusError:
        return CorpusError(
            f"{self.name}: damaged or cut off at byte {place:,} "
            f"(after {self._text_bytes:,} bytes of its text): {why}"
        )


@dataclass(frozen=True)
class _Packing:
    name: str
    magic: bytes
    """the pattern of its first bytes"""
    decoder: Callable[[], Any]
    padding: int = 0
    """zeros after a stream come in multiples of this, if at all"""


class _ZstandardDecoder:
    """zstandard's decoder with zlib's interface: it has no `max_length`."""

    def __init__(self) -> None:
        zstandard = data_module("zstandard", "Zstandard files need zstandard")
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self.eof = False
        self.unconsumed_tail = self.unused_data = b""

    def decompress(self, packed: bytes, max_length: int) -> bytes:
        texts = []
        place = size = 0
        while place < len(packed) and size < max_length and not self.eof:
            texts.append(self._frame.decompress(memoryview(packed)[place : place + _FRAME_BYTES]))
            place += _FRAME_BYTES
            size += len(texts[-1])
            self.eof = self._frame.eof
        rest = packed[place:]
        if self.eof:
            self.unused_data, rest = self._frame.unused_data + rest, b""
        self.unconsumed_tail = rest
        return b"".join(texts)


_PACKINGS = (
    _Packing("gzip", rb"\x1f\x8b\x08", lambda: zlib.decompressobj(wbits=31), padding=1),
    # A text may begin with BZh: a block or the end of the stream must follow.
    _Packing("bzip2", rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", bz2.BZ2Decompressor),
    _Packing("xz", rb"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), padding=4),
    # A frame, or one to be skipped, as parallel packers put before it.
    _Packing("Zstandard", rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", _ZstandardDecoder),
)
