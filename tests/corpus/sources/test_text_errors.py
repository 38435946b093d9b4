"""Values that give no texts: one error, which names the item and says what to do."""

import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from helpers.corpora import content_of
from helpers.refused_texts import FLOATS, GROUP, refusal
from skipgram.corpus.sources.texts import Texts
from skipgram.errors import CorpusError

NAN = float("nan")
NO_WORD = "not a word"
TOO_LONG = ": an integer of more than 64 bits; give it as text"


@pytest.mark.parametrize("values", [[], iter([]), pa.array([], pa.string()), np.array([], object)])
def test_nothing_is_an_error(values):
    assert refusal(values).endswith(" yielded nothing (perhaps it was exhausted before)")


def test_what_is_used_up_is_an_error():
    texts = Texts(text for text in ["sun", "moon"])
    assert content_of(list(texts.blocks())) == b"sun\nmoon\n"
    with pytest.raises(CorpusError) as caught:
        texts.blocks()
    assert str(caught.value) == (
        "texts in memory: generator yielded nothing (perhaps it was exhausted before)"
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a"] * 17 + [5], f"item 17 is int 5, not text{GROUP}"),
        (["a", ["b"]], "item 1 is list ['b'], not text"),
        (["a", b"b"], "item 1 is bytes b'b', not text"),
        ([None, ["a"], "b"], "item 2 is str 'b', not a list of words"),
        ([["a"], 5], f"item 1 is int 5, not a list of words{GROUP}"),
        ([["a"], True], "item 1 is bool True, not a list of words"),
        (
            [["a"], ["b", ["c"]]],
            f"item 1 holds list ['c'], {NO_WORD}; give words as one flat list",
        ),
        ([[7], [8, 5.0]], f"item 1 holds float 5.0, {NO_WORD}{FLOATS}"),
        (np.array([[7.0, 5.0]]), f"item 0 holds float 7.0, {NO_WORD}{FLOATS}"),
        ([[7, True]], f"item 0 holds bool True, {NO_WORD}; write truth values as text"),
        (np.array([[True]]), f"item 0 holds bool True, {NO_WORD}; write truth values as text"),
        ([[np.bool_(1)]], f"item 0 holds bool np.True_, {NO_WORD}; write truth values as text"),
        ([[2**64]], f"item 0 holds int 18446744073709551616, {NO_WORD}{TOO_LONG}"),
        ([[-(2**63) - 1]], f"item 0 holds int -9223372036854775809, {NO_WORD}{TOO_LONG}"),
        ([5], f"item 0 is int 5, neither text nor a list of words{GROUP}"),
        ([NAN, 5.0], f"item 1 is float 5.0, neither text nor a list of words{GROUP}"),
        (range(5), f"item 0 is int 0, neither text nor a list of words{GROUP}"),
        (np.array([5]), f"item 0 is int64 np.int64(5), neither text nor a list of words{GROUP}"),
        ([b"a"], "item 0 is bytes b'a', neither text nor a list of words"),
        ([{"a"}], "item 0 is set {'a'}, neither text nor a list of words"),
        (io.BytesIO(b"a"), "item 0 is bytes b'a', neither text nor a list of words"),
        (pa.array([1]), f"Int64Array holds int64, not text{GROUP}"),
        (pa.chunked_array([[1]]), f"ChunkedArray holds int64, not text{GROUP}"),
        (pa.array([1.0]), f"DoubleArray holds double, not text{GROUP}"),
        (
            pa.array([1, 1]).dictionary_encode(),
            "DictionaryArray holds dictionary<values=int64, indices=int32, ordered=0>, not text"
            f"{GROUP}",
        ),
        (pa.array([True]), "BooleanArray holds bool, not text"),
    ],
)
def test_an_item_of_another_kind_is_an_error_that_names_it(values, message):
    assert refusal(values) == f"texts in memory: {message}"


@pytest.mark.parametrize("values", [["a", "b \ud800"], [["a"], ["b", "\ud800"]]])
def test_half_a_character_is_an_error_that_names_the_item(values):
    assert refusal(values).startswith(
        "texts in memory: item 1 holds '\\ud800', half a surrogate pair, which UTF-8 cannot "
        "encode; "
    )


def test_one_text_is_an_error_that_says_what_to_do():
    with pytest.raises(CorpusError) as caught:
        Texts("the sun and the moon")
    assert str(caught.value) == (
        "texts in memory: give a list of texts, Texts([text]); in the single text "
        "'the sun and the moon' each letter would count as a text"
    )


@pytest.mark.parametrize("values", [5, None, b"text", bytearray(b"text")])
def test_what_gives_no_texts_is_an_error(values):
    with pytest.raises(CorpusError) as caught:
        Texts(values)
    assert str(caught.value) == (
        "texts in memory: give a list of texts, or any iterable of them, not "
        f"{type(values).__name__} {values!r}"
    )


def test_a_file_opened_in_another_encoding_is_an_error_that_says_what_to_do(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"sun\nstra\xdfe\n")
    with file.open(encoding="utf-8") as lines:
        assert refusal(lines).endswith("; name the file itself, or open it with the right encoding")


def test_an_error_of_the_texts_own_making_is_left_as_it_is():
    def failing() -> Iterator[str]:
        yield "sun"
        raise RuntimeError("a bug of the user's")

    with pytest.raises(RuntimeError, match="a bug of the user's"):
        list(Texts(failing()).blocks())
