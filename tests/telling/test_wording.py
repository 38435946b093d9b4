"""Plain words: the right number of things."""

import pytest

from skipgram.telling.wording import many


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (12_000, "12,000 lines")]
)
def test_a_number_of_things_is_told_in_the_singular_only_where_it_is_one(count, told):
    assert many(count, "line") == told
    assert many(count, "loss", "losses").split()[1] == ("loss" if count == 1 else "losses")
