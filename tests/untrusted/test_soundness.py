"""Offsets, ids and rows of entries: what would lead a kernel out of its arrays is refused."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skipgram.errors import FormatError
from skipgram.untrusted.soundness import require_finite, require_ids, require_rising, require_rows

MOST, LEAST = 2**63 - 1, -(2**63)
numbers = st.one_of(st.integers(-2, 9), st.sampled_from([MOST, LEAST, MOST - 1, LEAST + 1]))


stretches = pytest.mark.parametrize("at_once", [1, 2, 1 << 22])


def accepts(check, *given, **options) -> bool:
    try:
        check(*given, "here", **options)
    except FormatError:
        return False
    return True


@stretches
@given(ends=st.lists(numbers, max_size=6), end=st.integers(0, 9), strictly=st.booleans())
def test_offsets_are_sound_if_each_is_no_less_than_the_one_before(at_once, ends, end, strictly):
    all_of_them = [0, *ends]
    rises = all(
        one < other if strictly else one <= other
        for one, other in zip(all_of_them, ends, strict=False)
    )
    offsets = np.array(ends, np.int64)
    found = accepts(require_rising, offsets, end, strictly=strictly, at_once=at_once)
    assert found == (rises and all_of_them[-1] == end)


@stretches
def test_offsets_whose_differences_wrap_are_refused(at_once):
    wrapping = np.array([MOST, LEAST, -1, 7])
    assert np.diff(wrapping, prepend=0).min() > 0, "as a check by differences would see them"
    with pytest.raises(FormatError, match=r"^here: entry 1 is -9,223,372,036,854,775,808, after"):
        require_rising(wrapping, 7, "here", at_once=at_once)


@given(ids=st.lists(numbers, max_size=6), size=st.integers(0, 9))
def test_ids_are_sound_if_each_is_that_of_a_word(ids, size):
    assert accepts(require_ids, np.array(ids, np.int64), size) == all(0 <= i < size for i in ids)


@given(data=st.data(), size=st.integers(0, 3))
def test_rows_are_sound_if_they_follow_each_other_and_their_columns_rise(data, size):
    columns = data.draw(st.lists(st.integers(-1, 3), max_size=5))
    starts = data.draw(
        st.lists(st.one_of(st.integers(0, 5), numbers), min_size=size, max_size=size + 2)
    )
    is_sound = (
        len(starts) == size + 1
        and starts[0] == 0
        and starts[-1] == len(columns)
        and all(one <= other for one, other in pairwise(starts))
        and all(0 <= column < size for column in columns)
        and all(
            one < other
            for start, end in pairwise(starts)
            for one, other in zip(columns[start:end], columns[start + 1 : end], strict=False)
        )
    )
    given = np.array(starts, np.int64), np.array(columns, np.int32), size
    for at_once in (1, 2, 1 << 22):
        assert accepts(require_rows, *given, at_once=at_once) == is_sound


@stretches
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -1.0])
@pytest.mark.parametrize("place", [(0, 0), (2, 1)])
def test_a_number_that_is_none_is_named_with_its_place(at_once, bad, place):
    sound = np.zeros((3, 2))
    require_finite(sound, "here", least=0, at_once=at_once)
    require_finite(np.zeros((0, 2)), "here", at_once=at_once)
    sound[place] = bad
    with pytest.raises(FormatError, match=f"^here: entry {place[0]} holds {bad}$"):
        require_finite(sound, "here", least=0, at_once=at_once)


@pytest.mark.parametrize("given", [np.zeros((2, 2), int), np.zeros(2), [0, 1], None, np.array("a")])
def test_what_are_no_whole_numbers_in_one_row_is_refused(given):
    for check in (require_rising, require_ids):
        with pytest.raises(FormatError, match="where whole numbers with 1 axis should be"):
            check(given, 1, "here")
