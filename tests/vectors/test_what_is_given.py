"""Whatever is given to a question is understood, or refused with what to give instead."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import random_vectors
from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import SettingsError, SkipgramError, UnknownWordError
from skipgram.vectors.word_vectors import WordVectors

pandas = pytest.importorskip("pandas")

WORDS = ["w1", "w2", "w5", "w7"]


@pytest.fixture(scope="module", params=["list", "packed"])
def vectors(request: pytest.FixtureRequest) -> WordVectors:
    """With words as a training leaves them, or as a folder that is mapped has them."""
    found = random_vectors(1, vocab_size=9, embedding_dim=3)
    if request.param == "list":
        return found
    return WordVectors(Vocabulary(PackedWords.of(found.words), found.counts), found.center)


def map_of(vectors: WordVectors, words: Any) -> Any:
    """What `word_map` draws."""
    from skipgram.figures.plots import placed_words

    return placed_words(vectors, {"": words})


MANY: dict[str, Callable[[WordVectors, Any], Any]] = {
    "vectors[...]": lambda vectors, words: vectors[words],
    "most_similar": lambda vectors, words: vectors.most_similar(words),
    "most_similar, negative": lambda vectors, words: vectors.most_similar("w0", words),
    "most_similar, exclude": lambda vectors, words: vectors.most_similar("w0", exclude=words),
    "most_similar_each": lambda vectors, words: vectors.most_similar_each(words),
    "similarity": lambda vectors, words: vectors.similarity(words, "w0"),
    "similarity, other": lambda vectors, words: vectors.similarity("w0", words),
    "distance": lambda vectors, words: vectors.distance(words, "w0"),
    "similarities": lambda vectors, words: vectors.similarities(words),
    "similarities, others": lambda vectors, words: vectors.similarities("w0", words),
    "distances, others": lambda vectors, words: vectors.distances("w0", words),
    "centroid": lambda vectors, words: vectors.centroid(words),
    "doesnt_match": lambda vectors, words: vectors.doesnt_match(words),
    "word_map": map_of,
}
ONE: dict[str, Callable[[WordVectors, Any], Any]] = {
    "vector": lambda vectors, word: vectors.vector(word),
    "analogy": lambda vectors, word: vectors.analogy(word, "w0", "w1"),
    "closer_than": lambda vectors, word: vectors.closer_than(word, "w0"),
    "closer_than, other": lambda vectors, word: vectors.closer_than("w0", word),
    "rank": lambda vectors, word: vectors.rank(word, "w0"),
    "rank, other": lambda vectors, word: vectors.rank("w0", word),
}
ASKED = MANY | ONE

KINDS: dict[str, Callable[[list[str]], Any]] = {
    "tuple": tuple,
    "iterator": iter,
    "generator": lambda words: (word for word in words),
    "keys": lambda words: dict.fromkeys(words).keys(),
    "array": np.array,
    "array of objects": lambda words: np.array(words, object),
    "NumPy's words": lambda words: list(np.array(words)),
    "Series": pandas.Series,
    "Series with an odd index": lambda words: pandas.Series(words, index=range(3, 7)),
    "Index": pandas.Index,
    "Categorical": pandas.Categorical,
}

no_words = pytest.mark.parametrize(
    ("given", "text"),
    [
        (0.5, "0.5 (float) is not a word; give integers or text (pandas turns integers with "),
        (1.0, "1.0 (float) is not a word; give integers or text"),
        (np.float32(1), "(float32) is not a word; give integers or text"),
        (True, "True (bool) is not a word; write truth values as text"),
        (np.bool_(1), "np.True_ (bool) is not a word; write truth values as text"),
        (1 << 64, "18446744073709551616 (int) is not a word: an integer of more than 64 bits; gi"),
        (b"w1", "b'w1' (bytes) is "),
        (len, "<built-in function len> (builtin_function_or_method) is "),
        (["w1", 1.0], "1.0 (float) is not a word; give integers or text"),
        (["w1", True], "True (bool) is not a word; write truth values as text"),
        (["w1", None], "None (NoneType) is not a word; leave out missing values"),
        (["w1", ["w2"]], "['w2'] (list) is "),
        (np.array([True, False]), "True (bool) is not a word; write truth values as text"),
        (np.array([["w1", "w2"]]), "['w1', 'w2'] (list) is "),
        (slice(1, 2), "slice(1, 2, None) (slice) is "),
        (pandas.Series(["w1", np.nan], dtype=object), "nan (float) is not a word; leave out "),
        (pandas.Series([1, None], dtype="Int64"), "<NA> (NAType) is not a word; leave out "),
        (np.array([1], "M8[ns]"), "(datetime64) is "),
    ],
    ids=str,
)


def plain(answer: Any) -> Any:
    return answer.tolist() if isinstance(answer, np.ndarray) else answer


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("ask", MANY.values(), ids=MANY)
def test_many_words_may_be_whatever_can_be_iterated_over(vectors, ask, kind):
    assert plain(ask(vectors, kind(WORDS))) == plain(ask(vectors, list(WORDS)))


@pytest.mark.parametrize("name", sorted(ASKED.keys() - {"doesnt_match", "word_map"}))
def test_a_word_may_be_numpys_own(vectors, name):
    assert plain(ASKED[name](vectors, np.str_("w1"))) == plain(ASKED[name](vectors, "w1"))


def test_an_unknown_word_of_numpys_is_shown_as_people_write_it(vectors):
    for ask in (*ONE.values(), MANY["vectors[...]"], MANY["most_similar"]):
        with pytest.raises(UnknownWordError, match=r"^('x' is not among the 9 words|1 of 2 words)"):
            ask(vectors, np.str_("x"))


@no_words
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_what_is_not_a_word_is_shown_with_its_type_and_what_to_give(vectors, ask, given, text):
    with pytest.raises(SettingsError) as caught:
        ask(vectors, given)
    assert "word" in str(caught.value)
    if ask in MANY.values():
        assert text in str(caught.value)


@pytest.mark.parametrize(
    "name", sorted(ASKED.keys() - {"similarities, others", "distances, others"})
)
def test_none_is_not_a_word(vectors, name):
    with pytest.raises(SettingsError, match=r"^None \(NoneType\) is (not|neither) a word"):
        ASKED[name](vectors, None)


NO_WORDS = {
    "vectors[...]": 0,
    "most_similar, exclude": 8,
    "most_similar, negative": 8,
    "most_similar_each": 0,
    "similarities, others": 0,
    "distances, others": 0,
}


@pytest.mark.parametrize("name", MANY)
def test_no_words_have_no_answers_or_a_clear_error(vectors, name):
    for nothing in ([], (), np.array([], str), iter(())):
        if name in NO_WORDS:
            assert len(MANY[name](vectors, nothing)) == NO_WORDS[name]
        else:
            with pytest.raises(SkipgramError, match="word"):
                MANY[name](vectors, nothing)


def test_an_id_is_told_how_its_word_is_found(vectors):
    for given in (3, np.int8(3), np.array(3)):
        with pytest.raises(UnknownWordError) as caught:
            vectors[given]
        assert str(caught.value) == ("'3' is not among the 9 words; the word with id 3 is words[3]")


def test_what_is_not_a_word_is_not_in_the_vectors(vectors):
    assert "w1" in vectors
    assert np.str_("w1") in vectors
    for given in (0, None, ["w1"], np.array(["w1"]), b"w1", True, 1.0, 1 << 64):
        assert given not in vectors


# Integers


NUMBERS = [1, 2, 5, 7]


@pytest.fixture(scope="module", params=["list", "packed"])
def numbered(request: pytest.FixtureRequest) -> WordVectors:
    """With integers among the words, none of them at its own place."""
    words = ["7", "w0", "5", "1", "w1", "2", "0", "17", "3"]
    made = random_vectors(1, vocab_size=9, embedding_dim=3)
    packed = words if request.param == "list" else PackedWords.of(words)
    return WordVectors(Vocabulary(packed, made.counts), made.center)


INTEGERS: dict[str, Callable[[list[int]], Any]] = {
    "list": list,
    "iterator": iter,
    "mixed with text": lambda numbers: [*numbers[:2], *map(str, numbers[2:])],
    "NumPy's integers": lambda numbers: list(np.array(numbers, np.int16)),
    "array": np.array,
    "array of bytes": lambda numbers: np.array(numbers, np.uint8),
    "array of objects": lambda numbers: np.array(numbers, object),
    "Series": pandas.Series,
    "Series with missing values allowed": lambda numbers: pandas.Series(numbers, dtype="Int64"),
    "Index": pandas.Index,
    "Categorical": pandas.Categorical,
}


@pytest.mark.parametrize("kind", INTEGERS.values(), ids=INTEGERS)
@pytest.mark.parametrize("ask", MANY.values(), ids=MANY)
def test_integers_are_the_words_of_their_digits(numbered, ask, kind):
    expected = ask(numbered, [str(number) for number in NUMBERS])
    assert plain(ask(numbered, kind(NUMBERS))) == plain(expected)


@pytest.mark.parametrize("kind", [int, np.int64, np.uint8, np.array])
@pytest.mark.parametrize("name", sorted(ASKED.keys() - {"doesnt_match", "word_map"}))
def test_a_word_may_be_an_integer(numbered, name, kind):
    assert plain(ASKED[name](numbered, kind(5))) == plain(ASKED[name](numbered, "5"))


def test_an_integer_is_a_word_and_not_a_place(numbered):
    assert 17 in numbered
    assert np.int32(4) not in numbered
    place = numbered.words.index("17")
    assert numbered[17].tolist() == numbered.matrix[place].tolist()
    assert numbered[[17, 5]].shape == numbered[np.array([17, 5])].shape == (2, 3)
    assert not numbered.can_spell(4)


def test_words_and_vectors_may_be_mixed_where_a_vector_is_of_floats(numbered):
    both = [17, numbered["5"]]
    assert numbered.most_similar(both) == numbered.most_similar(["17", numbered[5]])
    assert numbered.analogy(17, "5", numbered["1"]) == numbered.analogy("17", 5, numbered[1])


@pytest.mark.parametrize("given", [np.array([[1, 2], [5, 7]]), [np.array([1, 2, 5])]], ids=str)
@pytest.mark.parametrize("name", ["most_similar", "most_similar_each", "similarities, others"])
def test_rows_of_integers_are_neither_words_nor_vectors_and_told_what_to_give(
    numbered, name, given
):
    shape = np.shape(given[0]) if isinstance(given, list) else given.shape
    with pytest.raises(SettingsError, match=r" is not a word; give words as one flat list$"):
        numbered[given]
    with pytest.raises(SettingsError) as caught:
        MANY[name](numbered, given)
    assert str(caught.value) == (
        f"an array of int64 of shape {shape} is neither a word nor a vector: integers are words, "
        "and several are one flat list (array.ravel()); a vector is an array of floats "
        "(array.astype(float))"
    )


@pytest.mark.parametrize(
    "pairs", [{1: "2", "5": 7, 7: 1, 2: 5}, np.array([[1, 2], [5, 7], [7, 1], [2, 5]])]
)
def test_pairs_of_words_may_be_integers(numbered, pairs):
    assert skipgram.align(numbered, numbered, pairs=pairs).anchors == 4
    assert skipgram.align(numbered, numbered).similarity(5, "7") == pytest.approx(
        numbered.similarity("5", 7), abs=1e-6
    )


def test_vectors_are_queries_as_an_array_of_any_floats(vectors):
    for dtype in (np.float16, np.float32, np.float64):
        query = np.array([1, 0, 2], dtype)
        assert vectors.most_similar(query)[0] == vectors.most_similar(query.astype(np.float32))[0]
        assert vectors.most_similar_each(query) == [vectors.most_similar(query)]


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ("ab", "weights must be numbers, not 'ab'"),
        ([1, None, 2, 3], "weights add up to nan"),
        ([1, 2, 3], "3 weights for 4 words"),
        (5, "for 4 words"),
    ],
)
def test_weights_that_are_not_numbers_one_a_word_are_refused(vectors, weights, text):
    with pytest.raises(SettingsError, match=text):
        vectors.centroid(WORDS, weights)


@pytest.mark.parametrize("given", [0, -3, 2.5, "ten", None, True])
def test_numbers_of_things_are_whole_and_at_least_one(vectors, given, tmp_path):
    asked = [
        ("k", lambda: vectors.most_similar("w1", k=given)),
        ("k", lambda: vectors.most_similar_each(["w1"], given)),
        ("first_words", lambda: skipgram.evaluate(vectors, given)),
        ("k", lambda: skipgram.align(vectors, vectors).changes(given)),
        ("neighbors", lambda: skipgram.align(vectors, vectors).changes(neighbors=given)),
    ]
    if given is not None:
        asked.append(("first_words", lambda: vectors.most_similar("w1", first_words=given)))
    if given != 0:
        asked.append(("first_words", lambda: skipgram.align(vectors, vectors, first_words=given)))
    for name, ask in asked:
        with pytest.raises(SettingsError, match=f"^{name} must be (a whole number|at least)"):
            ask()


TAKE_VECTORS: dict[str, Callable[[Any, Any], Any]] = {
    "evaluate": lambda given, other: skipgram.evaluate(given),
    "align, source": lambda given, other: skipgram.align(given, other),
    "align, target": lambda given, other: skipgram.align(other, given),
    "word_map": lambda given, other: skipgram.word_map(given, WORDS, "map.png"),
    "association": lambda given, other: skipgram.association(given, (WORDS, WORDS), (WORDS, WORDS)),
    "relational_association": lambda given, other: skipgram.relational_association(given, "w1", {}),
}


@pytest.mark.parametrize("ask", TAKE_VECTORS.values(), ids=TAKE_VECTORS)
def test_where_vectors_are_asked_for_other_things_are_refused_and_paths_are_loaded(
    vectors, ask, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for given in (3, None, ["w1"], np.eye(3)):
        with pytest.raises(SettingsError) as caught:
            ask(given, vectors)
        assert f"must be WordVectors or a path to them, not {given!r:.5}" in str(caught.value)
        assert f"({type(given).__name__})" in str(caught.value)
    with pytest.raises(SkipgramError, match=r"^toy does not exist"):
        ask("toy", vectors)


def test_gensims_vectors_are_refused_with_how_to_turn_them():
    given = type("KeyedVectors", (), {"__module__": "gensim.models.keyedvectors"})()
    with pytest.raises(SettingsError, match=r"for gensim's, use WordVectors\.from_gensim$"):
        skipgram.evaluate(given)


@pytest.mark.parametrize("name", ["similarity", "analogies"])
@pytest.mark.parametrize("given", [3, None, [1], [None]])
def test_sets_that_are_not_paths_are_refused(vectors, name, given):
    with pytest.raises(SettingsError, match="give a path or several, not"):
        skipgram.evaluate(vectors, **{name: given})


def test_a_place_that_is_not_a_path_is_refused(vectors):
    for ask in (
        lambda: vectors.save(None),
        lambda: vectors.export(3),
        lambda: skipgram.word_map(vectors, WORDS, None),
    ):
        with pytest.raises(SettingsError, match=r"^give a path, not (None|3)$"):
            ask()


@pytest.mark.parametrize(
    "pairs",
    [
        {f"w{number}": f"w{number}" for number in range(9)},
        [[f"w{number}", f"w{number}"] for number in range(9)],
        np.array([[f"w{number}"] * 2 for number in range(9)]),
        pandas.DataFrame([[f"w{number}"] * 2 for number in range(9)]).to_numpy(),
    ],
    ids=["dictionary", "lists", "array", "frame"],
)
def test_pairs_may_be_a_dictionary_or_anything_of_two_words(vectors, pairs):
    assert skipgram.align(vectors, vectors, pairs=pairs).anchors == 9
    if not isinstance(pairs, dict):
        assert skipgram.align(vectors, vectors, pairs=iter(pairs)).anchors == 9


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        (3, "pairs must be pairs of words, not 3"),
        ("ab", "['a'] is not a pair of words"),
        (["ab"], "['ab'] is not a pair of words"),
        ([("a", "b", "c")], "['a', 'b', 'c'] is not a pair of words"),
        ([("a", 1.0)], "1.0 (float) is not a word"),
        ([3], "['3'] is not a pair of words"),
    ],
    ids=str,
)
def test_what_is_not_a_pair_of_words_is_refused(vectors, pairs, text):
    with pytest.raises(SettingsError) as caught:
        skipgram.align(vectors, vectors, pairs=pairs)
    assert str(caught.value).startswith(text)


def test_vectors_are_made_of_a_vocabulary_and_an_array():
    with pytest.raises(SettingsError, match=r"^vocabulary must be a Vocabulary of words and count"):
        WordVectors(["a", "b"], np.eye(2, dtype=np.float32))  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=r"^center must be an array, not \[\[1.0\]\]$"):
        WordVectors(Vocabulary(["a"], np.array([1])), [[1.0]])  # type: ignore[arg-type]
