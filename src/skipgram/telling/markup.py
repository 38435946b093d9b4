"""Pieces of HTML for notebooks: every text is escaped, and colours are those of the page."""

from collections.abc import Iterable, Sequence
from html import escape

from skipgram.telling.escaping import shortened

_MOST_CHARACTERS = 500
_BAR_EM = 8


class Markup(str):
    """HTML that is safe as it is: any other text is escaped before it is shown."""

    __slots__ = ()


def told(text: str) -> Markup:
    """A text as HTML; what would be invisible, or would turn the page, is seen."""
    if isinstance(text, Markup):
        return text
    return Markup(escape(shortened(text, _MOST_CHARACTERS)))


def paragraphs(lines: Iterable[str]) -> Markup:
    """A paragraph a line."""
    return Markup("".join(f"<p style='margin:0'>{told(line)}</p>" for line in lines))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: str = "") -> Markup:
    """A table; `numeric` has a letter a column, "r" for those that are aligned to the right."""
    sides = [f"text-align:{'right' if side == 'r' else 'left'}" for side in numeric]
    sides += ["text-align:left"] * (len(headings) - len(sides))

    def row(cells: Sequence[str], tag: str) -> str:
        told_cells = (
            f"<{tag} style='{side}'>{told(cell)}</{tag}>"
            for cell, side in zip(cells, sides, strict=True)
        )
        return f"<tr>{''.join(told_cells)}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return Markup(f"<table><thead>{row(headings, 'th')}</thead><tbody>{body}</tbody></table>")


def bar(share: float) -> Markup:
    """A bar of this share of the full width, in the colour of the page's text."""
    width = _BAR_EM * min(1.0, max(0.0, share))
    # The outer box keeps the full width free, or a table would end where its longest bar does.
    return Markup(
        f"<div style='width:{_BAR_EM}em'><div style='width:{width:.2f}em;height:.7em;"
        "background:currentColor;opacity:.4'></div></div>"
    )


def track(share: float) -> Markup:
    """A bar within an outline of the full width."""
    return Markup(f"<div style='width:{_BAR_EM}em;border:1px solid'>{bar(share)}</div>")


def side_by_side(pieces: Iterable[str]) -> Markup:
    """Pieces side by side."""
    told_pieces = "".join(f"<div>{told(piece)}</div>" for piece in pieces)
    return Markup(f"<div style='display:flex;gap:1em;align-items:center'>{told_pieces}</div>")
