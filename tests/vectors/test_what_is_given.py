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
        (0, "0 (int) is "),
        (np.int64(3), "(int64) is "),
        (0.5, "0.5 (float) is "),
        (True, "True (bool) is "),
        (b"w1", "b'w1' (bytes) is "),
        (len, "<built-in function len> (builtin_function_or_method) is "),
        ([0, 1], "0 (int) is "),
        (["w1", 1], "1 (int) is "),
        (["w1", None], "None (NoneType) is "),
        (["w1", ["w2"]], "['w2'] (list) is "),
        (np.array([True, False]), "True (bool) is "),
        (np.array([["w1", "w2"]]), "['w1', 'w2'] (list) is "),
        (slice(1, 2), "slice(1, 2, None) (slice) is "),
        (pandas.Series(["w1", np.nan], dtype=object), "nan (float) is "),
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
    with pytest.raises(SettingsError) as caught:
        vectors.similarity(0, 1)
    assert str(caught.value) == (
        "0 (int) is neither a word nor a vector; a vector is a NumPy array of numbers; the word "
        "with id 0 is vectors.words[0]"
    )
    with pytest.raises(SettingsError, match=r"^3 \(int\) is not a word; a word is text; the word"):
        vectors[3]


def test_what_is_not_a_word_is_not_in_the_vectors(vectors):
    assert "w1" in vectors
    assert np.str_("w1") in vectors
    for given in (0, None, ["w1"], np.array(["w1"]), b"w1"):
        assert given not in vectors


def test_vectors_are_queries_as_an_array_of_any_numbers(vectors):
    for dtype in (np.float16, np.float64, np.int8):
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
        ([("a", 1)], "1 (int) is not a word"),
        ([3], "3 (int) is not a word"),
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
