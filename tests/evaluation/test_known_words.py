"""Words of a test set: which of them have a direction."""

from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import spelled_vectors, vectors_of
from skipgram.evaluation.known_words import known_words


def test_words_are_found_in_any_case_with_their_vectors_at_length_one():
    vectors = vectors_of({"a": [3, 4], "Berlin": [0, 2]})
    known = known_words(["a", "A", "BERLIN", "b", "a"], vectors, spell=False)
    assert known.forms == {"a": "a", "A": "a", "BERLIN": "Berlin"}
    assert known.ids == {"a": 0, "A": 0, "BERLIN": 1}
    assert (known.found.in_lower_case, known.found.ignoring_case, known.spelled) == (1, 1, 0)
    assert_close(known.unit_rows(["BERLIN", "a"]), [[0, 1], [0.6, 0.8]], FLOAT32)


def test_a_vector_of_zeros_has_no_direction_and_its_word_is_named_and_not_spelled():
    vectors = vectors_of({"a": [3, 4], "zero": [0, 0]})
    known = known_words(["zero", "a"], vectors, spell=True)
    assert list(known.units) == ["a"]
    assert (known.zero_words, known.spelled) == (("zero",), 0)


def test_unknown_words_are_spelled_only_if_they_are_to_be():
    vectors = spelled_vectors()
    assert known_words(["helpings", "walk"], vectors, spell=False).ids.keys() == {"walk"}
    known = known_words(["helpings", "walk", "xyzzy"], vectors, spell=True)
    assert (known.ids["helpings"], known.spelled) == (-1, 1)
    assert "xyzzy" not in known.forms
    row = vectors.vector("helpings")
    assert_close(known.units["helpings"] * (row @ row) ** 0.5, row, FLOAT32)
