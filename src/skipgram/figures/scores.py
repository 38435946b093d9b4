"""Scores as a picture: a dot for each, and a line over its interval."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from skipgram.errors import SettingsError
from skipgram.figures.page import COLORS, page_style
from skipgram.system.files import whole_file
from skipgram.system.paths import require_free_file
from skipgram.telling.escaping import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH_INCHES = 8.0
_ROW_INCHES = 0.26
_SET_GAP = 0.7
"""Between two sets, in rows."""
_DOTS_PER_INCH = 150
_FORMS = (".png", ".svg", ".pdf")


class ScoreRow(NamedTuple):
    """One dot."""

    set_name: str
    measure: str
    system: str
    value: float | None
    low: float | None
    high: float | None
    known: int
    """items scored"""
    total: int
    """items of the set"""


def require_drawable(file: Path) -> None:
    """Refuse a picture that could not be drawn or written, before the work whose result it shows.

    Raises MissingExtraError without matplotlib, SettingsError for a name that no form of picture
    has, OutputExistsError if `file` is a folder, and SkipgramError if nothing can be written there.
    """
    if file.suffix.lower() not in _FORMS:
        raise SettingsError(
            f"{file}: a picture of scores is PNG, SVG or PDF; give a name that ends in "
            ".png, .svg or .pdf"
        )
    with page_style():
        require_free_file(file, overwrite=True)


def draw_scores(rows: Sequence[ScoreRow], file: Path, title: str = "") -> None:
    """Write a file in the form of its suffix: a line a system under each set, all on one scale.

    A score that there is none of is written as "none".
    """
    figure = score_figure(rows, title)
    with page_style(), whole_file(file, overwrite=True) as image:
        figure.savefig(image, format=file.suffix.lower().removeprefix("."))


def score_figure(rows: Sequence[ScoreRow], title: str = "") -> "Figure":
    """The picture as a matplotlib figure, not registered with pyplot."""
    sets = list(dict.fromkeys((row.set_name, row.measure) for row in rows))
    systems = list(dict.fromkeys(row.system for row in rows))
    places = _places(rows, sets, systems)
    with page_style():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        height = _ROW_INCHES * (max(places) + 1) + (1.0 if title else 0.6) + _legend_inches(systems)
        figure = Figure((_WIDTH_INCHES, height), _DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        for row, place in zip(rows, places, strict=True):
            _draw(axes, row, place, COLORS[systems.index(row.system) % len(COLORS)])
        _label_sets(axes, rows, places, sets)
        _dress(axes, max(places), title)
        if len(systems) > 1:
            _legend(figure, systems)
    return figure


def _places(
    rows: Sequence[ScoreRow], sets: Sequence[tuple[str, str]], systems: Sequence[str]
) -> list[float]:
    """From above, in rows; a set's systems lie together."""
    step = len(systems) + _SET_GAP
    return [
        sets.index((row.set_name, row.measure)) * step + systems.index(row.system) for row in rows
    ]


def _draw(axes: "Axes", row: ScoreRow, place: float, color: str) -> None:
    if row.value is None:
        axes.text(0.01, place, "none", color=color, va="center", fontstyle="italic")
        return
    if row.low is not None and row.high is not None:
        axes.plot((row.low, row.high), (place, place), color=color, linewidth=2, alpha=0.45)
    axes.plot(row.value, place, "o", color=color, markersize=5)
    end = max(of for of in (row.value, row.high) if of is not None)
    number = f"{row.value:.3f}".replace("-", "−")
    axes.annotate(
        number, (end, place), (6, 0), textcoords="offset points", va="center", color=color, size=8
    )


def _label_sets(
    axes: "Axes", rows: Sequence[ScoreRow], places: Sequence[float], sets: Sequence[tuple[str, str]]
) -> None:
    of_sets: dict[tuple[str, str], list[float]] = {}
    for row, place in zip(rows, places, strict=True):
        of_sets.setdefault((row.set_name, row.measure), []).append(place)
    middles = [sum(of_sets[of]) / len(of_sets[of]) for of in sets]
    labels = [
        f"{visible(name)}\n{measure}, {_covered([row for row in rows if row.set_name == name])}"
        for name, measure in sets
    ]
    axes.set_yticks(middles, labels, size=8)


def _covered(rows: Sequence[ScoreRow]) -> str:
    """As "328 of 353", or "310 to 328 of 353" where systems differ."""
    known = sorted({row.known for row in rows})
    least = f"{known[0]:,} to " if len(known) > 1 else ""
    return f"{least}{known[-1]:,} of {rows[0].total:,}"


def _dress(axes: "Axes", last: float, title: str) -> None:
    axes.set_ylim(last + 0.7, -0.7)
    low = min(0.0, axes.get_xlim()[0])
    axes.set_xlim(low, 1.06)
    if low < 0:
        axes.axvline(0, color="#888888", linewidth=0.8, zorder=0)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("score, with its 95 % interval over other items of the kind", size=8)
    if title:
        axes.set_title(visible(title), size=10, weight="bold", loc="left")


def _legend_inches(systems: Sequence[str]) -> float:
    return 0.25 * len(systems) if len(systems) > 1 else 0.0


def _legend(figure: "Figure", systems: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    dots = [
        Line2D([], [], linestyle="", marker="o", color=COLORS[number % len(COLORS)])
        for number in range(len(systems))
    ]
    names = [visible(name) for name in systems]
    figure.legend(dots, names, loc="outside upper left", frameon=False, fontsize=8)
