"""How a page looks: its colours and fonts, and the title and legend at its head."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypedDict

from skipgram.system.extras import requires

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARGIN = 0.02
"""A share of the page's width, and of its height."""

_FONT_POINTS = 11.0
_MOST_COLUMNS = 10

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
"""Dark enough to read on white, and distinguishable with colour-blindness."""

# For characters that matplotlib's own font lacks; only installed ones are used.
_OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Microsoft YaHei",
    "Hiragino Sans",
    "Arial Unicode MS",
)


class Look(TypedDict):
    """How matplotlib writes a word."""

    color: str
    fontstyle: Literal["normal", "italic"]


def group_look(number: int) -> Look:
    """How the words of a group are written: in one of eight colours, then the same in italics."""
    round_, place = divmod(number, len(COLORS))
    return {"color": COLORS[place], "fontstyle": "italic" if round_ % 2 else "normal"}


@contextmanager
def page_style() -> Iterator[None]:
    """Use matplotlib's defaults and our fonts, then restore the caller's settings."""
    with requires("skipgram[plots]", "pictures need matplotlib and scikit-learn"):
        from matplotlib import font_manager, style

    installed = set(font_manager.get_font_names())
    ours = {
        "font.family": ["DejaVu Sans", *(font for font in _OTHER_SCRIPTS if font in installed)],
        "font.size": _FONT_POINTS,
        "text.parse_math": False,  # a word may hold two dollar signs
    }
    with style.context(["default", ours]):
        yield


def write_head(figure: "Figure", names: Sequence[str], title: str) -> float:
    """Write title and legend, if any; return where they end, as a share of the page's height.

    It is measured from the foot.
    """
    from matplotlib.lines import Line2D

    top = 1 - 1.5 * MARGIN
    if title:
        top -= 1.5 * _write_title(figure, title, top) / figure.bbox.height
    legend = _write_legend(figure, names, top) if names else 0.0
    end = top - legend / figure.bbox.height - 0.5 * MARGIN
    # Without a line, words at the map's upper edge would look like part of the legend.
    rule = Line2D((MARGIN, 1 - MARGIN), (end, end), color="#cccccc", linewidth=0.6)
    figure.add_artist(rule)
    return end


def _write_title(figure: "Figure", title: str, top: float) -> float:
    """Write the title on one line, in a smaller font if need be; return its height in pixels."""
    size = 1.4 * _FONT_POINTS
    line = figure.text(MARGIN, top, title, fontsize=size, weight="bold", va="top")
    box = line.get_window_extent()
    # Letters are rounded to whole pixels, so a line shrinks less than its font size.
    line.set_fontsize(size * min(1.0, 0.95 * _room(figure) / box.width))
    return box.height


def _write_legend(figure: "Figure", names: Sequence[str], top: float) -> float:
    """Write the groups' names in their colours, in as few lines as fit; return the height."""
    from matplotlib.lines import Line2D

    looks = [group_look(number) for number in range(len(names))]
    dots = [Line2D([], [], linestyle="", marker="o", color=look["color"]) for look in looks]
    for columns in range(min(len(names), _MOST_COLUMNS), 0, -1):
        legend = figure.legend(
            dots,
            names,
            ncols=columns,
            labelcolor="linecolor",
            loc="upper left",
            bbox_to_anchor=(MARGIN, top),
            frameon=False,
            borderpad=0,
            borderaxespad=0,
            handlelength=1,
            handletextpad=0.2,
            columnspacing=1.3,
        )
        for text, look in zip(legend.get_texts(), looks, strict=True):
            text.set_fontstyle(look["fontstyle"])
        box = legend.get_window_extent()
        if box.width <= _room(figure):
            break
        if columns > 1:
            legend.remove()
    return box.height


def _room(figure: "Figure") -> float:
    """The width between the margins, in pixels."""
    return figure.bbox.width * (1 - 2 * MARGIN)
