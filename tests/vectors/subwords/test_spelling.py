"""Vectors of words by their n-grams: those that the definition gives, or an error that says why."""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import inflected_vectors, spelled_vectors, vectors_of
from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.equations import spelling as equations
from skipgram.errors import FormatError, SettingsError, UnknownWordError
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.explaining import LEAST_EXPLAINED
from skipgram.spelling.incidence import Incidence
from skipgram.vectors.rows import CompactRows
from skipgram.vectors.subwords.speller import Speller
from skipgram.vectors.subwords.spelling import Spelling
from skipgram.vectors.subwords.subwords import Subwords

law = settings(deadline=None, max_examples=100)

NGRAMS = ["<wa", "alk", "k>", "??", "<>", "漢", "😀", "e\u0301"]
TABLE = np.arange(2.0 * len(NGRAMS)).reshape(-1, 2).astype(np.float32) + 1
LENGTHS = NgramRange(1, 3)
words = st.text(st.sampled_from("walk<>?漢😀e\u0301\ud800 \0"), max_size=8)


def spelling(**changes: Any) -> Spelling:
    given = {"ngrams": PackedWords.of(NGRAMS), "table": TABLE, "lengths": LENGTHS, "share": 0.5}
    return Spelling(**given | changes)


@law
@given(words)
@example("")
@example("<")
@example(">")
@example("walk")
@example("\ud800\ud800")
def test_the_ngrams_that_are_found_are_those_of_the_definition_that_the_table_has(word):
    made = spelling()
    expected = equations.ngrams(word, *LENGTHS) & set(NGRAMS)
    assert {NGRAMS[row] for row in made.known_ngrams(word)} == expected
    assert made.can_spell(word) == bool(expected)
    if not expected:
        with pytest.raises(UnknownWordError):
            made.vector(word)
        return
    total = sum(TABLE[NGRAMS.index(ngram)] for ngram in expected)
    assert_close(made.vector(word), 1.5 * total / np.sqrt(1 + len(expected)), FLOAT32)


def test_half_a_surrogate_pair_is_not_taken_for_a_question_mark():
    assert spelling().can_spell("??")
    assert not spelling().can_spell("\ud800\ud800")


def test_a_known_word_is_spelled_as_its_row_of_the_regression_says():
    vectors = spelled_vectors()
    made = vectors.subwords
    assert isinstance(made, Spelling)
    found, A = Incidence.of(vectors.words, made.lengths)
    assert list(found) == list(made.ngrams)
    said = A.times(np.asarray(made.table))
    for number, word in enumerate(vectors.words):
        assert_close(made.vector(word), 1.5 * said[number], FLOAT32)


def test_a_word_that_shares_nothing_is_refused_with_the_lengths():
    with pytest.raises(UnknownWordError) as caught:
        spelling().vector("xyz")
    assert str(caught.value) == (
        "'xyz' is unknown, and shares no n-gram of 1-3 characters with a known word"
    )


def test_ngrams_that_explain_nothing_spell_nothing():
    made = spelling(explained=LEAST_EXPLAINED)
    assert not made.can_spell("walk")
    with pytest.raises(UnknownWordError, match="the spelling of these words says nothing of"):
        made.vector("walk")
    assert spelling(explained=2 * LEAST_EXPLAINED).can_spell("walk")


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38])
def test_a_vector_that_is_not_finite_is_an_error_with_the_word(number):
    table = TABLE.copy()
    table[:] = number
    with pytest.raises(FormatError, match=r"the vector of 'walk', made of its n-grams, holds"):
        spelling(table=table, share=100.0).vector("walk")


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_a_compact_table_spells_nearly_the_same(precision):
    compact = spelling().compacted(precision)
    assert isinstance(compact.table, CompactRows)
    assert compact.table.precision == precision
    assert_close(compact.vector("walk"), spelling().vector("walk"), 0.01)
    assert compact.compacted("float32").table.dtype == np.float32


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ngrams": NGRAMS}, "ngrams must be PackedWords, not "),
        ({"table": TABLE[1:]}, "the table of n-grams has 7 rows, and there are 8 n-grams"),
        ({"table": TABLE[0]}, r"the table of n-grams must be float32 with 2 axes, not float32 of"),
        ({"table": TABLE.astype(np.float64)}, "the table of n-grams must be float32 with 2 axes"),
        ({"table": [[1.0]]}, r"the table of n-grams must be float32 with 2 axes, not \[\[1\.0\]\]"),
        ({"lengths": (3, 6)}, r"lengths must be an NgramRange, not \(3, 6\)"),
        ({"lengths": NgramRange(6, 3)}, r"ngrams 6-3 runs backwards"),
        ({"lengths": NgramRange(0, 3)}, r"ngrams must lie in 1-32, not 0-3"),
        ({"lengths": NgramRange(1, 40)}, r"ngrams must lie in 1-32, not 1-40"),
        ({"lengths": None}, "lengths must be an NgramRange, not None"),
        ({"matrix": "spelled"}, "matrix is 'spelled', not one of: center, outside, sum"),
        ({"explained": 1.5}, "explained must be a share of the variance, at most 1, not 1.5"),
        ({"explained": np.nan}, "explained must be a share of the variance"),
        ({"explained": "0.5"}, "explained must be a share of the variance"),
        *(
            ({"share": share}, "share must be a number from 0 to 100, not ")
            for share in (-0.1, 101, np.nan, np.inf, True, "1", None, 10**400)
        ),
    ],
)
def test_parts_that_cannot_be_are_refused(changes, said):
    with pytest.raises((FormatError, SettingsError), match=f"^{said}"):
        spelling(**changes)


def test_a_pickle_is_checked_as_a_file_is():
    made = spelling()
    assert pickle.loads(pickle.dumps(made)).vector("walk").tolist() == made.vector("walk").tolist()
    changed = object.__new__(Spelling)
    vars(changed).update({**vars(made), "share": -1})
    with pytest.raises(SettingsError, match="share must be"):
        pickle.loads(pickle.dumps(changed))


# At the door of the vectors


@law
@given(words)
def test_vectors_can_spell_a_word_if_and_only_if_they_have_a_vector_for_it(word):
    rows = {"walk": [1.0, 2.0], "e\u0301": [2.0, 1.0]}
    for made in (None, spelling(), Subwords(TABLE, 3, 4)):
        vectors = vectors_of(rows, subwords=made)
        if word in vectors:
            continue
        if vectors.can_spell(word):
            assert vectors[word].shape == (2,)
        else:
            with pytest.raises(UnknownWordError):
                vectors[word]


def test_both_kinds_come_through_one_door():
    for made in (spelling(), Subwords(TABLE, 3, 4)):
        assert isinstance(made, Speller)
        assert made.embedding_dim == 2
        doubled = made.turned(lambda rows: 2 * np.asarray(rows))
        assert_close(doubled.vector("walk"), 2 * made.vector("walk"), FLOAT32)


def test_in_still_means_a_vector_of_its_own():
    vectors = spelled_vectors()
    assert "painters" in vectors
    assert "helpings" not in vectors
    assert vectors.can_spell("helpings")
    assert not vectors.can_spell("王")
    assert not inflected_vectors().can_spell("helpings")


def test_a_word_that_cannot_be_spelled_gets_the_nearest_spellings_all_the_same():
    with pytest.raises(UnknownWordError, match=r"'w4lk3d' is unknown, .*; did you mean walked or"):
        spelled_vectors()["W4lk3d"]


@pytest.mark.parametrize("matrix", ["center", "outside", "sum"])
def test_what_is_shown_decides_how_an_unknown_word_is_spelled(matrix):
    vectors = inflected_vectors(counts=[1] * 60).showing(matrix)
    made = spelling(matrix=matrix)
    table = np.ones((len(NGRAMS), 5), np.float32)
    made = spelling(matrix=matrix, table=table)
    vectors = vectors_of(
        dict(zip(vectors.words, vectors.center, strict=True)),
        outside=vectors.outside,
        spelled=np.asarray(vectors.center),
        subwords=made,
        shown="spelled",
    )
    assert_close(vectors["walk."], made.vector("walk."), FLOAT32)
    assert_close(vectors.showing(matrix)["walk."], made.vector("walk.") / 1.5, FLOAT32)
    for other in {"center", "outside", "sum"} - {matrix}:
        assert not vectors.showing(other).can_spell("walk.")
        with pytest.raises(UnknownWordError):
            vectors.showing(other)["walk."]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shown": "spelled"}, "shown is 'spelled', but these vectors hold none that are; show"),
        ({"spelled": TABLE[:2]}, "there are spelled rows, but no spelling that they were made"),
        ({"spelled": TABLE[:1], "subwords": spelling()}, r"spelled has shape \(1, 2\); 2 words"),
        ({"spelled": [[1.0]], "subwords": spelling()}, "spelled must be an array, not "),
        (
            {"subwords": spelling(table=np.ones((len(NGRAMS), 3), np.float32))},
            "the subwords have rows of 3 numbers, and the vectors have 2",
        ),
    ],
)
def test_spelling_that_does_not_fit_the_vectors_is_refused(changes, said):
    with pytest.raises((FormatError, SettingsError), match=f"^{said}"):
        vectors_of({"a": [1.0, 2.0], "b": [2.0, 1.0]}, **changes)
