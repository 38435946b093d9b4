"""Scores as a picture: what stands beside each dot, and that nothing is cut or covered."""

import sys
from pathlib import Path
from typing import Any

import pytest

from skipgram.errors import MissingExtraError, OutputExistsError, SettingsError

pytest.importorskip("matplotlib")

from skipgram.figures.scores import ScoreRow, draw_scores, require_drawable, score_figure


def row(name: str, system: str, value: float | None, known: int = 8, **ends: Any) -> ScoreRow:
    return ScoreRow(name, "accuracy", system, value, ends.get("low"), ends.get("high"), known, 10)


def axes_of(rows: list[ScoreRow]) -> Any:
    figure = score_figure(rows, "A title")
    figure.canvas.draw()
    return figure.axes[0]


def labels_of(axes: Any) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_a_set_is_named_with_its_measure_and_how_much_is_covered():
    axes = axes_of([row("one", "a", 0.5), row("one", "b", 0.6), row("two", "a", 0.1, known=3)])
    assert labels_of(axes) == ["one\naccuracy, 8 of 10", "two\naccuracy, 3 of 10"]


def test_where_systems_know_different_items_the_range_is_told():
    axes = axes_of([row("one", "a", 0.5, known=9), row("one", "b", 0.6, known=7)])
    assert labels_of(axes) == ["one\naccuracy, 7 to 9 of 10"]


def test_a_score_that_is_not_there_is_called_none():
    axes = axes_of([row("one", "a", None), row("one", "b", 0.25)])
    assert [text.get_text() for text in axes.texts] == ["none", "0.250"]


@pytest.mark.parametrize(("low", "lines"), [(0.1, 0), (-0.3, 1)])
def test_zero_has_a_line_where_scores_lie_below_it(low: float, lines: int):
    axes = axes_of([row("one", "a", low + 0.1, low=low, high=0.5)])
    at_zero = [line for line in axes.lines if list(line.get_xdata()) == [0, 0]]
    assert len(at_zero) == lines


def test_no_text_is_cut_or_covers_another():
    names = [f"a set with a rather long name, number {number}" for number in range(6)]
    rows = [row(name, system, 0.97, low=0.9, high=1.0) for name in names for system in "abc"]
    axes = axes_of(rows)
    figure = axes.figure
    labels = [label.get_window_extent() for label in axes.get_yticklabels()]
    texts = labels + [text.get_window_extent() for text in axes.texts]
    assert all(figure.bbox.containsx(box.x0) for box in labels)
    assert all(figure.bbox.containsx(box.x1) for box in texts)
    assert not any(
        one.overlaps(other) for place, one in enumerate(texts) for other in texts[:place]
    )


@pytest.mark.parametrize(
    ("suffix", "begins"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".PDF", b"%PDF")]
)
def test_the_suffix_tells_the_form_of_the_picture(tmp_path: Path, suffix: str, begins: bytes):
    draw_scores([row("one", "a", 0.5)], tmp_path / f"scores{suffix}")
    assert (tmp_path / f"scores{suffix}").read_bytes().startswith(begins)


def test_a_picture_that_could_not_be_written_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    require_drawable(tmp_path / "new" / "scores.png")
    assert not (tmp_path / "new").exists()
    draw_scores([row("one", "a", 0.5)], tmp_path / "scores.png")
    require_drawable(tmp_path / "scores.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OutputExistsError, match="is a folder; give the name of a file"):
        require_drawable(tmp_path / "folder.png")
    with pytest.raises(SettingsError, match=r"give a name that ends in .png, .svg or .pdf"):
        require_drawable(tmp_path / "scores.jpg")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match="pictures need matplotlib"):
        require_drawable(tmp_path / "scores.png")
