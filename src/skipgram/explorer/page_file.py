"""The page as one file: everything inside, nothing fetched.

Words, names and titles may be anyone's, and hold anything: they stand in JSON without
any `<`, so that none can end its element, and the numbers are base64.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.explorer.data import MOST_BYTES, PageData
from skipgram.explorer.progress import LayoutProgress, Observer, unobserved
from skipgram.explorer.template import Template, template
from skipgram.system.files import whole_file

_ESCAPED = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_TRIPLE_BYTES = 3 << 18
"""Encoded at a time: three bytes become four characters, so that pieces join without a rest."""


def write_page(
    file: Path,
    data: PageData,
    likely_bytes: int,
    *,
    overwrite: bool = False,
    observe: Observer = unobserved,
) -> None:
    """Write the page, whole or not at all, and tell how much of its likely size is written."""
    written, likely_bytes = 0, likely_bytes + data.more_bytes
    with whole_file(file, overwrite=overwrite) as opened:
        for piece in page_pieces(data):
            written += opened.write(piece)
            done = min(written, likely_bytes) // 1_000
            observe(LayoutProgress("writing the page", done, likely_bytes // 1_000, "kB"))


def page_pieces(data: PageData, of: Template | None = None) -> Iterator[bytes]:
    """The page, a piece at a time."""
    of = of or template()
    yield of.beginning(data.about["title"], is_served=data.about["served"]).encode()
    yield b'<script type="application/json" id="about">'
    yield hostile_json(data.about)
    yield b"</script>\n"
    for block in data.blocks:
        yield f'<script type="application/octet-stream" id="{block.name}">'.encode()
        yield from _in_base64(block.pieces())
        yield b"</script>\n"
    yield of.after.encode()


def hostile_json(value: Any) -> bytes:
    """JSON that cannot end the element it stands in, nor a line of a script, in UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character, escaped in _ESCAPED.items():
        text = text.replace(character, escaped)
    # Half of a surrogate pair, which a word made in Python may hold, is no UTF-8: \ud800 is JSON.
    return text.encode("utf-8", "backslashreplace")


def require_moderate(size: int) -> None:
    """Refuse a page that no browser would like."""
    if size > MOST_BYTES:
        raise SettingsError(
            f"the page would have {size / 1e6:,.0f} MB, and {MOST_BYTES / 1e6:.0f} MB is what a "
            "browser opens well; show fewer words, the most frequent ones: first_words "
            "(--first-words), or serve them all: `skipgram explore` without --output"
        )


def _in_base64(pieces: Iterable[NDArray[Any]]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        raw = memoryview(piece.tobytes())
        start = 0
        if rest:
            start = -len(rest) % 3
            rest += raw[:start]
            if len(rest) % 3:
                continue
            yield base64.b64encode(rest)
        whole = start + (len(raw) - start) // 3 * 3
        for at in range(start, whole, _TRIPLE_BYTES):
            yield base64.b64encode(raw[at : min(at + _TRIPLE_BYTES, whole)])
        rest = bytes(raw[whole:])
    if rest:
        yield base64.b64encode(rest)
