"""What systems took, in words."""

from typing import Any, cast

import pytest

from helpers.small_texts import small_settings
from skipgram.evaluation.records import COLUMNS
from skipgram.peers.running import SystemRuns
from skipgram.peers.systems import Trained
from skipgram.peers.table import notes_on, speed_records, table_of


def runs(name: str, *seconds: float, **values: Any) -> SystemRuns:
    trainings = tuple(
        Trained(seed, cast(Any, None), taken, taken + 1) for seed, taken in enumerate(seconds)
    )
    return SystemRuns(name, "1.0", trainings=trainings, **values)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (20.0, "2.0 times slower"),
        (5.0, "2.0 times faster"),
        (10.2, "as fast"),
        (12_345.0, "1,234.5 times slower"),
    ],
)
def test_a_system_is_told_beside_the_first(seconds: float, told: str) -> None:
    rows = table_of([runs("ours", 10.0), runs("theirs", seconds)]).rows
    assert rows[0][-1] == ""
    assert rows[1][-1] == told


def test_the_first_that_was_trained_is_the_measure() -> None:
    systems = [runs("ours", why_not="failed"), runs("theirs", 4.0), runs("other", 8.0)]
    assert [row[-1] for row in table_of(systems).rows] == ["failed", "", "2.0 times slower"]


def test_of_several_seeds_the_median_is_shown_and_the_span_is_in_a_note() -> None:
    systems = [runs("ours", 3.0, 1.0, 12.0, words=3_000)]
    assert table_of(systems).rows == [("ours", "3.00 s", "4.00 s", "1,000", "")]
    said = notes_on(systems, small_settings(), (1, 1))
    assert "training, least to most: ours 1.00 to 12.0 s" in said
    alone = notes_on([runs("ours", 3.0, words=1)], small_settings(), (1, 1))
    assert not any("least to most" in note for note in alone)


def test_the_notes_say_what_was_trained_on_and_with_what() -> None:
    systems = [runs("ours", 1.0, 2.0, settings={"learning_rate": 0.035}, words=9)]
    systems.append(runs("theirs", 1.0, 2.0, settings={"alpha": 0.025}, words=9))
    systems.append(runs("exact", 1.0, 2.0, settings={"objective": "softmax"}))
    systems.append(runs("spelled", why_not="failed", settings={"maxn": 6}, words=9))
    said = notes_on(systems, small_settings(threads=2, window=3), (12_000, 700))
    assert said == [
        "all read the same 12,000 words, 700 different ones, on 2 threads each",
        "seconds by the clock, to which other work on the machine adds; medians of 2 seeds",
        "words/s (a second), and beside the first: of training alone, all epochs together",
        "like settings: 4 dimensions, window 3, 5 negatives, 2 epochs, subsampling at 0",
        "rates at the start: ours 0.035, theirs 0.025",
        "training, least to most: ours 1.00 to 2.00 s, theirs 1.00 to 2.00 s, exact 1.00 to 2.00 s",
        "versions: ours 1.0, theirs 1.0, exact 1.0",
        "exact: softmax, which counts pairs of words and passes over them",
    ]


def test_records_have_the_columns_of_scores() -> None:
    found = speed_records([runs("ours", 3.0, 1.0), runs("theirs", why_not="not installed")])
    assert all(tuple(record) == COLUMNS for record in found)
    first, second, third, _ = found
    assert (first["system"], first["measure"]) == ("ours", "training seconds")
    assert (first["value"], first["low"], first["high"], first["trainings"]) == (2, 1, 3, 2)
    assert (second["measure"], second["value"]) == ("seconds with reading", 3)
    assert (third["value"], third["trainings"], third["verdict"]) == (None, 0, "not installed")
