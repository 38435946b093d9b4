"""What a terminal is shown of texts that are whoever's wrote them: escaped, and not too long."""

import re
from collections.abc import Iterable

_JOINERS = "\u200c\u200d"
_MOST_CHARACTERS = 2_000
"""Of a note: a line of somebody's file, quoted in an error, may have millions."""


def visible(text: str) -> str:
    """The text with its control characters escaped, so that a word cannot steer the terminal.

    Line ends, escape sequences, changes of direction and odd blanks are shown
    as Python writes them; the joiners of Persian, of Indian scripts and of
    emoji stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(
        char if _is_harmless(char) else char.encode("unicode_escape").decode() for char in text
    )


def _is_harmless(char: str) -> bool:
    return char.isprintable() or char in _JOINERS


def shortened(text: str, most: int = _MOST_CHARACTERS) -> str:
    """The text, visible, in about so many characters at most, and how many were left out."""
    if len(text) <= most and len(told := visible(text)) <= most:
        return told
    begin = _that_fit(text, most // 2)
    end = _that_fit(reversed(text), most // 2)[::-1]
    left_out = len(text) - len(begin) - len(end)
    return f"{''.join(begin)} ... ({left_out:,} characters left out) ... {''.join(end)}"


def _that_fit(chars: Iterable[str], room: int) -> list[str]:
    """The first characters, escaped, as far as there is room."""
    told = []
    for char in chars:
        told.append(visible(char))
        room -= len(told[-1])
        if room < 0:
            return told[:-1]
    return told


def visible_json(line: str) -> str:
    """What json leaves as it is, though a terminal would not show it, stands inside strings."""
    if line.isprintable():
        return line
    return "".join(char if _is_harmless(char) else _utf16(char) for char in line)


def _utf16(char: str) -> str:
    units = char.encode("utf-16-be", errors="surrogatepass").hex()
    return "".join(f"\\u{unit}" for unit in re.findall("....", units))
