"""Spelling for any vectors: the regression that is promised, on what is shown, and what is said."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import inflected_vectors, spelled_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError, SkipgramError, UnknownWordError
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.explaining import LEAST_EXPLAINED
from skipgram.spelling.incidence import Incidence
from skipgram.vectors import respelling
from skipgram.vectors.subwords.spelling import Spelling
from skipgram.vectors.subwords.subwords import Subwords
from skipgram.vectors.word_vectors import WordVectors


def spelling_of(vectors: WordVectors) -> Spelling:
    assert isinstance(vectors.subwords, Spelling)
    return vectors.subwords


@pytest.mark.parametrize("shown", ["center", "outside", "sum"])
def test_what_is_shown_is_spelled_and_a_dense_solve_agrees(shown, monkeypatch):
    monkeypatch.setattr(respelling, "says_something", lambda explained: True)
    vectors = inflected_vectors(shown=shown)
    spelled = vectors.with_spelling(share=0.25, penalty=2.0, threads=1)
    assert (spelled.shown, spelling_of(spelled).matrix) == ("spelled", shown)
    _, sparse = Incidence.of(vectors.words, NgramRange(3, 6))
    A, V = sparse.B.toarray() * sparse.scales[:, None], vectors.matrix.astype(np.float64)
    G = np.linalg.solve(A.T @ A + 2 * np.eye(A.shape[1]), A.T @ V)
    assert_close(spelling_of(spelled).table, G, 1e-3)
    assert_close(spelled.matrix, V + 0.25 * A @ G, 1e-3)
    for name in ("center", "outside", "noise", "outside_marginal", "vocabulary"):
        assert getattr(spelled, name) is getattr(vectors, name) or np.array_equal(
            getattr(spelled, name), getattr(vectors, name)
        )
    assert spelled.showing(shown).matrix.tolist() == vectors.matrix.tolist()
    assert spelled.showing("spelled") is spelled


def test_about_says_what_was_done():
    assert spelled_vectors().about == {
        "spelled": {
            "ngrams": "3-6",
            "share": 0.5,
            "penalty": 0.1,
            "least_words": 2,
            "matrix": "center",
            "shared_ngrams": 202,
            "words_without_ngrams": 0,
            "zero_words": 0,
            "explained": pytest.approx(0.9, abs=0.1),
        }
    }


def test_the_number_of_threads_does_not_change_a_bit():
    random = np.random.default_rng(1)
    words = ["".join(random.choice(list("abcde"), 6)) for _ in range(9000)]
    rows = {word: random.standard_normal(4) for word in words}
    one, three = (vectors_of(rows).with_spelling(threads=threads) for threads in (1, 3))
    assert one.about == three.about
    assert np.array_equal(spelling_of(one).table, spelling_of(three).table)
    assert np.array_equal(one.matrix, three.matrix)


def test_spelling_again_begins_from_the_vectors_without():
    once = spelled_vectors()
    again = once.with_spelling(penalty=0.1, threads=1)
    assert np.array_equal(again.matrix, once.matrix)
    other = once.with_spelling("2-3", share=1.0, penalty=0.1, threads=1)
    fresh = inflected_vectors().with_spelling("2-3", share=1.0, penalty=0.1, threads=1)
    assert np.array_equal(other.matrix, fresh.matrix)
    assert other.about == fresh.about


def test_a_share_of_0_only_makes_vectors_of_unknown_words():
    vectors = inflected_vectors().with_spelling(share=0.0, penalty=0.1, threads=1)
    assert (vectors.shown, vectors.spelled) == ("center", None)
    assert_close(vectors["helpings"], spelled_vectors()["helpings"] / 1.5, FLOAT32)


def test_words_whose_vector_is_zero_are_left_out_and_get_what_their_spelling_says():
    rows = dict(zip(inflected_vectors().words, inflected_vectors().center, strict=True))
    without = vectors_of(rows).with_spelling(penalty=0.1, threads=1)
    zeros = {"helpings": np.zeros(5), "王王王": np.zeros(5)}
    vectors = vectors_of({**zeros, **rows}).with_spelling(penalty=0.1, threads=1)
    assert vectors.about["spelled"]["zero_words"] == 2
    assert_close(vectors["helpings"], without["helpings"], FLOAT32)
    assert not vectors["王王王"].any()
    assert_close(vectors["paints"], without["paints"], FLOAT32)


def test_numbers_of_nodes_explain_nothing_and_are_left_out():
    random = np.random.default_rng(1)
    numbers = [str(number) for number in random.permutation(9000)[:500]]
    plain = vectors_of({number: random.standard_normal(4) for number in numbers})
    vectors = plain.with_spelling(threads=1)
    assert (vectors.shown, vectors.spelled, vectors.about["spelled"]["share"]) == (
        "center",
        None,
        0.0,
    )
    assert vectors.about["spelled"]["explained"] < LEAST_EXPLAINED
    assert np.array_equal(vectors.matrix, plain.matrix)
    assert not vectors.can_spell("99999")
    with pytest.raises(UnknownWordError, match="the spelling of these words says nothing"):
        vectors["99999"]


def test_what_is_shown_and_what_can_be_spelled_are_judged_by_the_same_number(monkeypatch):
    # Kept with four decimals, it is no longer above the border.
    monkeypatch.setattr(respelling, "explained_share", lambda *given: LEAST_EXPLAINED + 4e-5)
    vectors = vectors_of(dict.fromkeys(("helping", "helped", "helper"), np.ones(4)))
    vectors = vectors.with_spelling(threads=1)
    assert vectors.shown == "center"
    assert not vectors.can_spell("helps")


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_compact_vectors_are_spelled_and_stay_compact(precision):
    vectors = inflected_vectors().compact(precision).with_spelling(penalty=0.1, threads=1)
    assert {vectors.spelled.precision, vectors.subwords.table.precision} == {precision}
    assert_close(vectors.matrix, spelled_vectors().matrix, 0.05)
    after = spelled_vectors().compact(precision)
    assert {after.spelled.precision, after.subwords.table.precision} == {precision}
    assert_close(after["helpings"], vectors["helpings"], 0.05)


def test_a_copy_in_another_process_spells_the_same():
    vectors = spelled_vectors()
    copy = pickle.loads(pickle.dumps(vectors))
    assert copy["helpings"].tolist() == vectors["helpings"].tolist()
    assert np.array_equal(copy.matrix, vectors.matrix)


def test_an_index_is_of_what_is_shown():
    pytest.importorskip("faiss")
    vectors = spelled_vectors().with_index(connectivity=4, threads=1)
    found = vectors.most_similar("helpings", k=3, approximate=True)
    assert [near.word for near in found] == [
        near.word for near in vectors.most_similar("helpings", k=3)
    ]
    assert vectors.showing("center").index is None
    assert vectors.with_spelling(threads=1).index is None


# Bad input


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"ngrams": "6-3"}, r"ngrams 6-3 runs backwards: did you mean 3-6\?"),
        ({"ngrams": "0-3"}, "ngrams must lie in 1-32, not 0-3"),
        ({"ngrams": "1-40"}, "ngrams must lie in 1-32, not 1-40"),
        ({"ngrams": "none"}, "ngrams is none, and spelling is made of n-grams; give a range"),
        ({"ngrams": 3}, "ngrams must be a range of characters, as 3-6, or none; not 3"),
        ({"share": -1}, "share must be a number from 0 to 100, not -1"),
        ({"share": np.nan}, "share must be a number"),
        ({"penalty": 0}, "penalty must be a number above 0, not 0"),
        ({"penalty": np.inf}, "penalty must be a number above 0, not inf"),
        ({"penalty": "1"}, "penalty must be a number above 0, not '1'"),
        ({"least_words": 0}, "least_words must be at least 1, not 0"),
        ({"threads": 0}, "threads must be at least 1, not 0"),
        ({"threads": 10**6}, "threads must be at most 1,024, not 1,000,000"),
        ({"threads": 1.5}, "threads must be a whole number, not 1.5"),
    ],
)
def test_settings_that_cannot_be_are_refused(options, said):
    with pytest.raises(SettingsError, match=f"^{said}"):
        inflected_vectors().with_spelling(**options)


def test_vectors_with_fasttexts_subwords_are_refused():
    vectors = inflected_vectors(subwords=Subwords(np.ones((5, 5), np.float32), 3, 6))
    with pytest.raises(SettingsError, match=r"^these vectors come from fastText, and have subw"):
        vectors.with_spelling()


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_vectors_that_are_not_finite_are_refused_with_the_word(number):
    center = inflected_vectors().center.copy()
    center[7, 3] = number
    with pytest.raises(FormatError, match=r"cannot be spelled: number 4 of 5 of the word 'talks'"):
        replace(inflected_vectors(), center=center).with_spelling()


@pytest.mark.parametrize("words", [["1", "2", "3"], ["a"], ["", "王"], ["walk", "12345"]])
def test_words_that_share_nothing_are_refused_with_what_may_help(words):
    rows = {word: [1.0, 2.0] for word in words}
    with pytest.raises(SkipgramError, match=r"share an n-gram of 3-6 characters, so their spell"):
        vectors_of(rows).with_spelling()


def test_vectors_of_nothing_but_zeros_are_refused():
    with pytest.raises(SkipgramError, match=r"^of the 0 words with a vector no 2 share an n-gram"):
        vectors_of({"walk": [0.0], "walks": [0.0]}).with_spelling()


def test_half_a_surrogate_pair_is_refused_as_it_is_in_files():
    with pytest.raises(FormatError, match="cannot be written: UTF-8 cannot encode a lone surrog"):
        vectors_of({"walk\ud800": [1.0], "walks": [2.0]}).with_spelling()


def test_odd_words_are_spelled_as_any_others():
    odd = [
        "",
        "<",
        ">",
        "<>",
        "a",
        "王",
        "😀😀😀😀",
        "e\u0301te\u0301s",
        "<<<<",
        ">>>>>",
        "a b c d",
    ]
    rows = dict(zip(inflected_vectors().words, inflected_vectors().center, strict=True))
    rows |= {word: np.full(5, 1 + number) for number, word in enumerate(odd)}
    vectors = vectors_of(rows).with_spelling("1-6", penalty=0.1, threads=1)
    assert np.isfinite(vectors.matrix).all()
    assert vectors.can_spell("<><>")


def test_more_than_the_memory_is_refused_before_it_is_taken(monkeypatch):
    vectors = inflected_vectors()
    room = iter([10**12, 10])
    monkeypatch.setattr(respelling, "available_memory_bytes", lambda: next(room))
    with pytest.raises(SkipgramError, match=r"^fitting 202 n-grams to 60 words × 5 needs .* free"):
        vectors.with_spelling()
    monkeypatch.setattr(respelling, "available_memory_bytes", lambda: 10)
    with pytest.raises(
        SkipgramError, match=r"^finding the n-grams of 60 words needs .* \(ngrams\)"
    ):
        vectors.with_spelling()
    monkeypatch.setattr(respelling, "available_memory_bytes", lambda: None)
    assert vectors.with_spelling().shown == "spelled"


def test_the_command_line_offers_the_same_defaults():
    import inspect

    from skipgram.cli.commands.spell import spell

    offered = {name: of.default for name, of in inspect.signature(spell).parameters.items()}
    for name, of in inspect.signature(WordVectors.with_spelling).parameters.items():
        if name not in ("self", "observe"):
            assert offered["min_words" if name == "least_words" else name] == of.default


def test_other_tools_files_are_spelled_too(tmp_path):
    inflected_vectors().export(tmp_path / "v.txt")
    vectors = skipgram.load(tmp_path / "v.txt").with_spelling(penalty=0.1, threads=1)
    assert_close(vectors["helpings"], spelled_vectors()["helpings"], FLOAT32)
    assert vectors.about["read"]["format"] == "word2vec-text"
