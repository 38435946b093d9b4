"""Plain words for what is told: numbers of things and shares; and how wide a text is."""

import unicodedata


def many(count: int, one: str, several: str | None = None) -> str:
    """A number of things: "1 line", "2,000 lines"."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def percent(share: float) -> str:
    """A share in whole hundredths, which may be below 0: "15 %"."""
    return f"{share * 100:.0f} %".replace("-0 ", "0 ").replace("-", "−")


def width_on_screen(text: str) -> int:
    """The columns of a terminal that a text takes: none for marks, two for Chinese signs."""
    if text.isascii():
        return len(text)
    return sum(map(_width_of, text))


def padded(text: str, width: int) -> str:
    """A text with blanks up to that many columns."""
    return text + " " * (width - width_on_screen(text))


def folded(text: str, width: int) -> list[str]:
    """A text in lines of at most so many columns, parted at blanks where there are some.

    Lines after the first begin under the first one's first word.
    """
    if width_on_screen(text) <= width:
        return [text]
    indent = " " * (len(text) - len(text.lstrip(" ")))
    lines, line = [], indent
    for word in text.split():
        begun = line if line == indent else f"{line} "
        if width_on_screen(begun + word) <= width:
            line = begun + word
            continue
        if line != indent:
            lines.append(line)
        line = indent
        for char in word:
            if line != indent and width_on_screen(line + char) > width:
                lines.append(line)
                line = indent
            line += char
    return [*lines, line]


def _width_of(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
