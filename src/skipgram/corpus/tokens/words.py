"""Words of any script, lower-cased, in normal form C; and where sentences end.

A word is letters and digits with their marks, and apostrophes between them; the
typographic apostrophe becomes the plain one. Each of . ! ? ends a sentence.
What begins with neither a letter nor a digit is no word, so the selectors and
joiners that are left of an emoji are none.
"""

import unicodedata
from itertools import chain

import numpy as np
import regex

_MORE = r"[\p{L}\p{M}\p{N}\u200c\u200d]*+"  # with the joiners that Persian and Hindi words hold
_RUN = rf"[\p{{L}}\p{{N}}]{_MORE}"
_PARTS = regex.compile(rf"{_RUN}(?:'{_RUN})*+|[.!?\n]")

_LONG_RUN = regex.compile(r"\p{M}{32,}+")
"""Of marks: no script has as many on one letter."""

_KEPT = b"abcdefghijklmnopqrstuvwxyz0123456789'.!?\n"
_ASCII = bytes(byte if byte in _KEPT else 32 for byte in bytes(range(256)).lower())
_OUTER_APOSTROPHES = (
    (b"''", b"  "),
    (b" '", b"  "),
    (b"' ", b"  "),
    (b"\n'", b"\n "),
    (b"'\n", b" \n"),
)
"""Once the ends of sentences are between blanks: several in a row, before a word, and after."""


def words_of_any_script(text: str) -> str:
    """The words of each line, and the ends of sentences, with blanks between them."""
    text = _LONG_RUN.sub(_in_order, text.replace("\u2019", "'").lower())
    return " ".join(_PARTS.findall(unicodedata.normalize("NFC", text)))


def _in_order(run: "regex.Match[str]") -> str:
    """Marks in canonical order, as NFC puts them: but it moves each past all that follow it."""
    ordered: list[str] = []
    since_letter: list[str] = []
    for mark in chain.from_iterable(unicodedata.normalize("NFD", mark) for mark in run[0]):
        if unicodedata.combining(mark):
            since_letter.append(mark)
        else:
            ordered += sorted(since_letter, key=unicodedata.combining)
            ordered.append(mark)
            since_letter.clear()
    return "".join(ordered + sorted(since_letter, key=unicodedata.combining))


def words_of_ascii(text: bytes) -> bytes:
    """The same, but for more blanks, of text that is ASCII, many times as fast."""
    text = b"\n" + text.translate(_ASCII) + b"\n"
    for end in (b".", b"!", b"?"):
        text = text.replace(end, b" %b " % end)
    for apostrophes, blanks in _OUTER_APOSTROPHES:
        text = text.replace(apostrophes, blanks)
    return text[1:-1]


def words(text: str) -> str:
    """The same of any text whose lines all end in a line feed: each line by the faster way."""
    if text.isascii():
        return words_of_ascii(text.encode()).decode()
    packed = np.frombuffer(text.encode(), np.uint8)
    begins = np.append(0, np.flatnonzero(packed == ord("\n"))[:-1] + 1)
    beyond_ascii = np.flatnonzero(np.maximum.reduceat(packed, begins) >= 128).tolist()
    lines = text.split("\n")
    others = words_of_any_script("\n".join(lines[number] for number in beyond_ascii)).split("\n")
    done = words_of_ascii(packed.tobytes()).decode().split("\n")
    for number, line in zip(beyond_ascii, others, strict=True):
        done[number] = line
    return "\n".join(done)
