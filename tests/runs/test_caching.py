"""A corpus is read once: the folder beside the vectors, and training on what is encoded."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.small_trainings import TINY
from skipgram.corpus.summary import CacheUsed, CorpusSummary, ReadingProgress
from skipgram.errors import CorpusError, SettingsError, SkipgramError


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text("sun moon star sky\npot pan stove spoon\n" * 50)
    return file


def trained(corpus: Any, output: Path, **values: Any) -> tuple[list[Any], skipgram.WordVectors]:
    """What a training with a cache tells, and what it gives."""
    told: list[Any] = []
    vectors = skipgram.train(
        corpus,
        output,
        **TINY | {"cache": True, "overwrite": True, "observe": told.append} | values,
    )
    return told, vectors


def was_read(told: list[Any]) -> bool:
    """Whether the text was read, and not the cache taken."""
    was_read = any(isinstance(event, ReadingProgress) and event.bytes_read for event in told)
    assert was_read != any(isinstance(event, CacheUsed) for event in told)
    assert sum(isinstance(event, CorpusSummary) for event in told) == 1
    return was_read


def assert_equal(one: skipgram.WordVectors, other: skipgram.WordVectors) -> None:
    assert list(one.words) == list(other.words)
    np.testing.assert_array_equal(one.center, other.center)
    np.testing.assert_array_equal(one.outside, other.outside)


def damaged(change: Callable[[Path], object]) -> Callable[[Path, Path], object]:
    return lambda text, cache: change(cache)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4])


# Beside the vectors


def test_the_second_training_does_not_read_the_text(text: Path, tmp_path: Path) -> None:
    output = tmp_path / "vectors"
    first, vectors = trained(text, output)
    assert was_read(first)
    assert sorted(tmp_path.iterdir()) == [text, output, tmp_path / "vectors.corpus"]
    second, again = trained(text, output)
    assert not was_read(second)
    assert second[0] == CacheUsed(str(tmp_path / "vectors.corpus"))
    assert_equal(vectors, again)
    assert vectors.about["corpus"] == again.about["corpus"]
    assert vectors.about["settings"] == again.about["settings"]


def test_settings_of_the_training_leave_the_cache_as_it_is(text: Path, tmp_path: Path) -> None:
    trained(text, tmp_path / "vectors")
    told, _ = trained(text, tmp_path / "vectors", window=2, seed=5, threads=2)
    assert not was_read(told)


@pytest.mark.parametrize(
    "values",
    [
        {"min_count": 2},
        {"tokenizer": "words"},
        {"phrases": 1},
        {"max_vocabulary": 5},
        {"drop_words": ["sun"]},
        {"undecodable": "ignore"},
        {"max_types": 100},
    ],
)
def test_settings_of_the_encoding_make_it_anew(
    text: Path, tmp_path: Path, values: dict[str, Any]
) -> None:
    trained(text, tmp_path / "vectors")
    told, vectors = trained(text, tmp_path / "vectors", **values)
    assert was_read(told)
    assert_equal(vectors, skipgram.train(text, **TINY | values))
    told, _ = trained(text, tmp_path / "vectors", **values)
    assert not was_read(told)


CHANGES: dict[str, Callable[[Path, Path], object]] = {
    "another time": lambda text, cache: os.utime(text, (1, 1)),
    "another size": lambda text, cache: text.write_text(text.read_text() + "sun pot\n"),
    "ids cut": damaged(lambda cache: cut(cache / "ids.int32")),
    "ids missing": damaged(lambda cache: (cache / "ids.int32").unlink()),
    "lines cut": damaged(lambda cache: cut(cache / "line_ends.int64")),
    "vocabulary missing": damaged(lambda cache: (cache / "vocabulary").unlink()),
    "vocabulary cut": damaged(lambda cache: cut(cache / "vocabulary")),
    "about cut": damaged(lambda cache: cut(cache / "corpus.json")),
    "about missing": damaged(lambda cache: (cache / "corpus.json").unlink()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_text_or_a_damaged_cache_is_never_taken(
    text: Path, tmp_path: Path, change: str
) -> None:
    trained(text, tmp_path / "vectors")
    CHANGES[change](text, tmp_path / "vectors.corpus")
    told, vectors = trained(text, tmp_path / "vectors")
    assert was_read(told)
    assert_equal(vectors, skipgram.train(text, **TINY))
    assert not was_read(trained(text, tmp_path / "vectors")[0])


def test_other_files_or_another_order_of_files_make_it_anew(text: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(text.read_bytes())
    for corpus in ([text], [text, other], [other, text], [other]):
        assert was_read(trained(corpus, tmp_path / "vectors")[0])
        assert not was_read(trained(corpus, tmp_path / "vectors")[0])


def test_files_that_are_not_a_corpus_are_never_lost_to_the_cache(
    text: Path, tmp_path: Path
) -> None:
    place = tmp_path / "vectors.corpus"
    place.mkdir()
    (place / "notes.md").write_text("mine")
    with pytest.raises(SkipgramError, match=r"holds notes\.md, which would be lost"):
        trained(text, tmp_path / "vectors")
    assert (place / "notes.md").read_text() == "mine"
    assert not (tmp_path / "vectors").exists()


@pytest.mark.parametrize("kind", ["texts", "stdin", "own"])
def test_what_nobody_can_tell_to_be_the_same_is_not_cached(
    text: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.read_bytes())))
    corpus: Any = {"texts": skipgram.Texts(["a b"]), "stdin": "-", "own": text}[kind]
    values: dict[str, Any] = {"tokenizer": str.split} if kind == "own" else {}
    told: list[Any] = []
    with pytest.raises(SettingsError, match="they cannot be cached"):
        trained(corpus, tmp_path / "vectors", observe=told.append, **values)
    assert not told
    assert list(tmp_path.iterdir()) == [text]


def test_a_cache_without_an_output_has_no_place(text: Path) -> None:
    with pytest.raises(SettingsError, match="the cache is kept beside the output; name an output"):
        skipgram.train(text, cache=True, **TINY)


def test_a_cache_never_takes_the_place_of_the_text(tmp_path: Path) -> None:
    text = tmp_path / "vectors.corpus"
    text.write_text("sun moon\n" * 9)
    with pytest.raises(SettingsError, match="is an input and would be overwritten"):
        trained(text, tmp_path / "vectors")
    assert text.read_text() == "sun moon\n" * 9


def test_an_interrupted_training_keeps_the_cache_whole(text: Path, tmp_path: Path) -> None:
    def interrupt(event: Any) -> None:
        if isinstance(event, CorpusSummary):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(text, tmp_path / "vectors", observe=interrupt)
    assert sorted(tmp_path.iterdir()) == [text, tmp_path / "vectors.corpus"]
    assert not was_read(trained(text, tmp_path / "vectors")[0])


# What is encoded already


def test_training_on_what_is_encoded_gives_the_same_vectors(text: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    encoded = skipgram.encode(text, folder, min_count=1)
    expected = skipgram.train(text, **TINY)
    others = {name: value for name, value in TINY.items() if name != "min_count"}
    for corpus in (encoded, folder, str(folder), [folder], skipgram.EncodedCorpus.load(folder)):
        told: list[Any] = []
        vectors = skipgram.train(corpus, observe=told.append, **others)
        assert_equal(vectors, expected)
        assert vectors.about["settings"] == expected.about["settings"]
        assert vectors.about["corpus"] == expected.about["corpus"]
        assert isinstance(told[0], CorpusSummary)
    assert_equal(skipgram.train(folder, **TINY), expected)


def test_the_same_settings_may_be_asked_for_again(text: Path, tmp_path: Path) -> None:
    values: dict[str, Any] = {"min_count": 1, "tokenizer": "words", "keep_words": ["sun", "pot"]}
    skipgram.encode(text, tmp_path / "corpus", **values)
    vectors = skipgram.train(tmp_path / "corpus", **TINY | values)
    assert vectors.about["settings"]["text"]["tokenizer"] == "words"
    assert vectors.about["settings"]["vocabulary"]["keep_words"] == ["sun", "pot"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"min_count": 7}, "the corpus is encoded with min_count 1, not 7; encode it again, or"),
        ({"tokenizer": "words"}, "encoded with tokenizer 'whitespace', not 'words'"),
        ({"tokenizer": str.split}, "encoded with tokenizer 'whitespace', not 'own'"),
        ({"phrases": 1}, "encoded with phrases 0, not 1"),
        ({"phrase_threshold": 3}, "encoded with phrase_threshold None, not 3.0"),
        ({"keep_words": ["moon"]}, "encoded with keep_words ['sun'], not ['moon']"),
        ({"column": "text"}, "encoded with column '', not 'text'"),
    ],
)
def test_settings_at_odds_with_the_encoding_are_refused(
    text: Path, tmp_path: Path, values: dict[str, Any], told: str
) -> None:
    encoded = skipgram.encode(text, tmp_path / "corpus", min_count=1, keep_words=["sun"])
    for corpus in (encoded, tmp_path / "corpus"):
        with pytest.raises(SettingsError) as caught:
            skipgram.train(corpus, tmp_path / "vectors", **TINY | values)
        assert told in str(caught.value)
    assert not (tmp_path / "vectors").exists()


def test_vectors_never_take_the_place_of_the_corpus_they_are_trained_on(
    text: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "corpus"
    skipgram.encode(text, folder, min_count=1)
    before = sorted(file.name for file in folder.iterdir())
    with pytest.raises(SkipgramError):
        skipgram.train(folder, folder, overwrite=True, **TINY)
    assert sorted(file.name for file in folder.iterdir()) == before


def test_an_encoded_corpus_is_no_text(text: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    encoded = skipgram.encode(text, folder, min_count=1)
    for corpus in ([folder, text], [text, encoded], [folder, folder]):
        for take in (skipgram.train, skipgram.encode):
            with pytest.raises(
                CorpusError, match="is encoded already, with its own vocabulary, and"
            ):
                take(corpus)
    for corpus in (folder, [folder], encoded):
        with pytest.raises(CorpusError, match="is encoded already; train on it, or encode its"):
            skipgram.encode(corpus)
