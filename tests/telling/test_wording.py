"""Plain words: the right number of things; and texts padded to a width."""

import pytest

from skipgram.telling.wording import many, padded, width_on_screen


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (12_000, "12,000 lines")]
)
def test_a_number_of_things_is_told_in_the_singular_only_where_it_is_one(count, told):
    assert many(count, "line") == told
    assert many(count, "loss", "losses").split()[1] == ("loss" if count == 1 else "losses")


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("owl", 3), ("e\u0301", 1), ("کِتاب", 4), ("में", 1), ("中国", 4)]
)
def test_a_text_is_as_wide_as_a_terminal_shows_it(text, width):
    assert width_on_screen(text) == width
    assert padded(text, 6) == text + " " * (6 - width)
