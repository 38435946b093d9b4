"""What JSON kept of a dataclass is that dataclass again, or says which field is wrong."""

import json
from dataclasses import asdict, dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skipgram.untrusted.plain_values import of_plain, plain_value


@dataclass(frozen=True)
class Inner:
    text: str
    is_so: bool = False


@dataclass(frozen=True)
class Outer:
    count: int
    share: float
    inner: Inner | None = None
    all_of_them: list[Inner] = field(default_factory=list)


inners = st.builds(Inner, st.text(), st.booleans())


@given(
    st.builds(
        Outer,
        st.integers(0, 2**63 - 1),
        st.floats(allow_nan=False),
        st.none() | inners,
        st.lists(inners, max_size=3),
    )
)
def test_what_json_kept_comes_back(outer):
    assert of_plain(Outer, json.loads(json.dumps(asdict(outer)))) == outer


def test_a_field_with_a_default_may_be_missing_and_a_whole_number_is_a_number():
    assert of_plain(Outer, {"count": 1, "share": 2}) == Outer(1, 2.0)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1], "Outer is \\[1\\], not a mapping"),
        ({"count": 1}, "missing 1 required positional argument: 'share'"),
        ({"count": 1, "share": 2.0, "more": 1}, "Outer has no 'more'"),
        ({"count": True, "share": 2.0}, "count is True, where int should be"),
        ({"count": 1.0, "share": 2.0}, "count is 1.0, where int should be"),
        ({"count": -1, "share": 2.0}, "count is -1, where int should be"),
        ({"count": 2**63, "share": 2.0}, "count is 9223372036854775808, where int"),
        ({"count": 1, "share": 10**400}, "share is 1000"),
        ({"count": 1, "share": "1"}, "share is '1', where float should be"),
        ({"count": 1, "share": 1.0, "inner": []}, "Inner is \\[\\], not a mapping"),
        ({"count": 1, "share": 1.0, "inner": {"text": None}}, "text is None, where str"),
        ({"count": 1, "share": 1.0, "all_of_them": {}}, "all_of_them is {}, where list"),
        ({"count": 1, "share": 1.0, "all_of_them": [1]}, "Inner is 1, not a mapping"),
    ],
)
def test_a_value_of_another_type_is_named(values, told):
    with pytest.raises(ValueError, match=told):
        of_plain(Outer, values)


def test_one_value_has_a_name_as_well():
    assert plain_value(int, 3, "epoch") == 3
    with pytest.raises(ValueError, match=r"^epoch is \[\], where int should be$"):
        plain_value(int, [], "epoch")
