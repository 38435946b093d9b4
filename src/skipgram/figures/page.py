"""How a page looks: its colours and fonts, whatever the caller's own matplotlib settings are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypedDict

from skipgram.figures.extra import plots_extra

FONT_POINTS = 11.0

COLORS = (
    "#2f6deb",  # blue
    "#c2410a",  # orange
    "#187a56",  # green
    "#cc299b",  # pink
    "#3d2a03",  # brown
    "#510acc",  # violet
    "#7a2b3f",  # maroon
    "#162470",  # navy
)
"""Dark enough to be read on white, and told apart by colour-blind eyes as well."""

# For what matplotlib's own font cannot write; only those that are installed are used.
_OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Microsoft YaHei",
    "Hiragino Sans",
    "Arial Unicode MS",
)


class Look(TypedDict):
    """How matplotlib is to write a word."""

    color: str
    fontstyle: Literal["normal", "italic"]


def group_look(number: int) -> Look:
    """How the words of a group are written: every other eight groups in italics."""
    round_, place = divmod(number, len(COLORS))
    return {"color": COLORS[place], "fontstyle": "italic" if round_ % 2 else "normal"}


@contextmanager
def page_style() -> Iterator[None]:
    """Matplotlib's own defaults and our fonts inside, the caller's settings again outside."""
    with plots_extra():
        from matplotlib import font_manager, style

    installed = set(font_manager.get_font_names())
    ours = {
        "font.family": ["DejaVu Sans", *(font for font in _OTHER_SCRIPTS if font in installed)],
        "font.size": FONT_POINTS,
        "text.parse_math": False,  # a word may hold two dollar signs
    }
    with style.context(["default", ours]):
        yield
