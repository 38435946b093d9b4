"""A phraser joins in any text what the encoding joined in its own, and outlives its process."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.phrases_twin import Lines, twin_joined
from skipgram.corpus.phrases import file as phrases_file
from skipgram.corpus.phrases.phraser import Phrase, PhrasePass, Phraser
from skipgram.errors import FormatError, SettingsError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)
words = st.sampled_from("abcd")
lines_of_words = st.lists(st.lists(words, max_size=8), min_size=1, max_size=12)
pairs = st.lists(st.tuples(words, words), unique=True, max_size=6)

TEXT = ["to new york", "in new york city", "new york is far", "the city is new", "is to in"] * 5
FOUND = {"phrase_threshold": 3.0, "phrase_min_count": 1, "min_count": 1}


def phraser_of(*passes: list[tuple[str, str]]) -> Phraser:
    return Phraser(
        tuple(
            PhrasePass(
                [first for first, _ in part],
                [second for _, second in part],
                np.arange(1, len(part) + 1),
                np.linspace(9, 1, len(part)),
            )
            for part in passes
        )
    )


def texts_of(lines: Lines) -> list[str]:
    return [" ".join(line) for line in lines]


@law
@given(lines_of_words, pairs)
def test_a_line_is_joined_as_by_hand(lines: Lines, found: list[tuple[str, str]]) -> None:
    phraser = phraser_of(found)
    assert [phraser.join(line) for line in lines] == twin_joined(lines, set(found))


@law
@given(lines_of_words.filter(lambda lines: any(map(len, lines))), st.integers(1, 3))
def test_a_phraser_joins_its_own_text_as_the_encoding_did(lines: Lines, passes: int) -> None:
    phraser = skipgram.find_phrases(
        skipgram.Texts(lines), phrases=passes, phrase_threshold=1.0, phrase_min_count=1
    )
    joined = skipgram.count_words(
        skipgram.Texts(lines), phrases=passes, phrase_threshold=1.0, phrase_min_count=1
    )
    ours = [token for line in lines for token in phraser.join(line)]
    assert {word: ours.count(word) for word in set(ours)} == dict(
        zip(joined.words, joined.counts.tolist(), strict=True)
    )


@pytest.mark.parametrize("passes", [1, 2])
def test_known_phrases_are_joined_in_a_text_and_none_is_found_in_it(passes: int) -> None:
    found = skipgram.encode(iter(TEXT), phrases=passes, **FOUND)
    other = [*TEXT, "old york is old york", "old york"]
    joined = skipgram.encode(iter(other), phraser=found, min_count=1)
    assert found.phraser is not None
    assert [*joined.sentences()] == [found.phraser.join(text.split()) for text in other]
    assert joined.settings["text"]["phrases"] == passes
    assert "old_york" not in joined.vocabulary
    assert list(joined.phraser or ()) == list(found.phraser)


def test_phrases_are_listed_by_falling_score_with_their_counts() -> None:
    found = skipgram.find_phrases(iter(TEXT), **FOUND)
    listed = list(found)
    assert Phrase("new", "york", 15, pytest.approx((15 - 1) * 90 / (20 * 15))) in listed
    assert [phrase.score for phrase in listed] == sorted(
        (phrase.score for phrase in listed), reverse=True
    )
    assert "new_york" in map(str, listed)
    assert repr(found) == f"<Phraser: {len(listed)} phrases of 1 pass>"


def test_phrases_are_saved_with_the_corpus_and_loaded(tmp_path: Path) -> None:
    encoded = skipgram.encode(iter(TEXT), tmp_path / "encoded", phrases=2, **FOUND)
    loaded = skipgram.EncodedCorpus.load(tmp_path / "encoded")
    assert encoded.phraser is not None
    assert loaded.phraser is not None
    assert list(loaded.phraser) == list(encoded.phraser)
    assert loaded.phraser.tokenizer == "whitespace"
    assert list(skipgram.find_phrases(tmp_path / "encoded")) == list(encoded.phraser)
    loaded.save(tmp_path / "again")
    names = {file.name for file in (tmp_path / "again").iterdir()}
    assert phrases_file.FILE in names
    skipgram.encode(iter(TEXT), tmp_path / "again", overwrite=True, min_count=1)
    assert not (tmp_path / "again" / phrases_file.FILE).exists()


def test_two_phrasers_together_keep_the_first_ones_order() -> None:
    one, other = phraser_of([("a", "b")]), phraser_of([("a", "b"), ("c", "d")], [("a_b", "c")])
    both = one.with_those_of(other)
    assert list(map(str, both)) == ["a_b", "c_d", "a_b_c"]
    assert both.join(list("abcd")) == ["a_b", "c_d"]
    assert one.with_those_of(None) is one


@pytest.mark.parametrize(
    ("phraser", "options", "text"),
    [
        ("nowhere", {}, "nowhere does not exist; give"),
        (".", {}, ". holds no phrases; give"),
        (skipgram.Vocabulary([], np.zeros(0, np.int64)), {}, "is not a phraser; give"),
        (phraser_of([("a", "b")]), {"phrases": 2}, "phrases says how phrases are found"),
        (phraser_of([("a", "b")]), {"tokenizer": "words"}, "is split by 'words': choose the same"),
    ],
)
def test_a_phraser_that_does_not_fit_is_refused(phraser, options, text) -> None:
    with pytest.raises(SettingsError) as caught:
        skipgram.encode(iter(["a b"]), phraser=phraser, min_count=1, **options)
    assert text in str(caught.value)


def test_a_text_is_not_taken_for_a_list_of_tokens() -> None:
    with pytest.raises(SettingsError, match=r"give a list of tokens, not the text 'new york'"):
        phraser_of([]).join("new york")


def test_no_phrases_at_all_are_refused_where_they_are_asked_for() -> None:
    with pytest.raises(SettingsError, match=r"phrases is 0, so none would be found"):
        skipgram.find_phrases(iter(TEXT), phrases=0)


# gensim's names


OF_GENSIM = {
    *("add_lifecycle_event", "add_vocab", "analyze_sentence", "export_phrases", "find_phrases"),
    *("freeze", "learn_vocab", "lifecycle_events", "load", "save", "score_item"),
    *("connector_words", "corpus_word_count", "delimiter", "max_vocab_size", "min_count"),
    *("min_reduce", "phrasegrams", "progress_per", "scoring", "threshold", "vocab"),
}


@pytest.mark.parametrize("name", sorted(OF_GENSIM))
def test_gensims_names_are_answered_with_what_is_here(name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(phraser_of([]), name)
    assert str(caught.value).startswith(f"'Phraser' object has no attribute '{name}': ")


def test_all_public_names_of_gensims_phrases_are_among_them() -> None:
    models = pytest.importorskip("gensim.models.phrases")
    texts = [["new", "york"]] * 9
    found = models.Phrases(texts, min_count=1, threshold=0.1)
    names = {name for of in (found, found.freeze()) for name in dir(of)}
    assert {name for name in names if not name.startswith("_")} <= OF_GENSIM


def test_other_names_are_not_there_and_tokens_are_no_index() -> None:
    assert not hasattr(phraser_of([]), "color")
    with pytest.raises(TypeError, match=r"phraser.join\(tokens\)"):
        phraser_of([])[["new", "york"]]
    assert pickle.loads(pickle.dumps(phraser_of([("a", "b")]))).join(["a", "b"]) == ["a_b"]


# Damage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    phrases_file.save(phraser_of([("new", "york"), ("ö", "b")], [("new_york", "city")]), tmp_path)
    return tmp_path


def test_what_is_saved_is_loaded(folder: Path) -> None:
    phraser = phrases_file.load(folder)
    assert list(map(str, phraser)) == ["new_york", "ö_b", "new_york_city"]
    assert [len(part) for part in phraser.passes] == [2, 1]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"phrases.safetensors is missing"):
        phrases_file.load(tmp_path)


@law
@given(data=st.data())
def test_a_flipped_bit_is_an_error_that_names_the_file(tmp_path_factory, data) -> None:
    folder = tmp_path_factory.mktemp("phrases")
    phrases_file.save(phraser_of([("new", "york"), ("ö", "b")]), folder)
    file = folder / phrases_file.FILE
    content = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(content)
    try:
        loaded = phrases_file.load(folder)
    except FormatError as error:
        told = str(error)
        assert str(file) in told
    else:  # the header's blanks, say
        assert list(map(str, loaded)) == ["new_york", "ö_b"]
