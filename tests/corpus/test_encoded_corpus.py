"""An encoded corpus: what it gives of itself, and the folder it lies in, whole or not at all."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.encoding_twin import assert_same, encoded
from skipgram.corpus import preparing
from skipgram.corpus.encoded import EncodedCorpus, is_encoded
from skipgram.corpus.encoding.encoding import encode_sources
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, OutputExistsError, SettingsError, SkipgramError
from skipgram.untrusted.soundness import AT_ONCE

resource = pytest.importorskip("resource", reason="limits as on POSIX systems")

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=60)

TEXT = b"the sun and the moon\nthe stars\n\nsun moon\nthe\n" * 5
corpora = (
    st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=8)
    .map(lambda lines: [["a", "b"], *(line for line in lines if line)])
    .map(lambda lines: (encoded("\n".join(map(" ".join, lines)).encode()), lines))
)
bounds = st.integers(-12, 12)


@pytest.fixture
def corpus() -> EncodedCorpus:
    return encoded(TEXT)


@pytest.fixture
def folder(corpus: EncodedCorpus, tmp_path: Path) -> Path:
    corpus.save(tmp_path / "corpus")
    return tmp_path / "corpus"


def lines_of(corpus: EncodedCorpus) -> list[list[str]]:
    return list(corpus.sentences())


# Lines and slices


@law
@given(corpora, bounds)
def test_a_line_is_that_of_a_list(drawn, number):
    corpus, lines = drawn
    assert (len(corpus), corpus.lines) == (sum(map(len, lines)), len(lines))
    try:
        expected = lines[number]
    except IndexError:
        with pytest.raises(IndexError, match=f"^line {number} of {len(lines)}$"):
            corpus.line(number)
        return
    assert corpus.decode(corpus.line(number)) == expected
    assert np.shares_memory(corpus.line(number), corpus.ids)


@law
@given(corpora, bounds, bounds)
def test_lines_are_sliced_as_a_list_is(drawn, start, stop):
    corpus, lines = drawn
    part = corpus.slice_lines(start, stop)
    assert lines_of(part) == lines[start:stop]
    assert len(part) == sum(map(len, lines[start:stop]))
    assert not len(part) or np.shares_memory(part.ids, corpus.ids)
    assert part.vocabulary is corpus.vocabulary


@law
@given(corpora, bounds, bounds)
def test_tokens_are_sliced_as_a_list_is_with_the_lines_that_are_left(drawn, start, stop):
    corpus, lines = drawn
    places = [number for number, line in enumerate(lines) for _ in line]
    tokens = [word for line in lines for word in line]
    inside = list(zip(places, tokens, strict=True))[start:stop]
    expected = [[word for n, word in inside if n == number] for number in range(len(lines))]
    part = corpus.slice_tokens(start, stop)
    assert lines_of(part) == [line for line in expected if line]
    assert part.ids.tolist() == corpus.ids.tolist()[start:stop]
    assert not len(part) or np.shares_memory(part.ids, corpus.ids)


def test_a_slice_of_a_slice_is_a_slice(corpus):
    part = corpus.slice_tokens(2, 20).slice_lines(1, 4).slice_tokens(1, 100)
    assert lines_of(part) == [["stars"], ["sun", "moon"], ["the"]]


# Saved and loaded


def test_a_saved_corpus_is_loaded_as_it_was(corpus, folder):
    loaded = EncodedCorpus.load(folder)
    assert_same(loaded, corpus)
    assert loaded.summary == corpus.summary
    assert loaded.settings == corpus.settings
    assert corpus.memory_bytes == corpus.ids.nbytes + corpus.line_ends.nbytes
    assert loaded.memory_bytes == 0
    assert is_encoded(folder)
    assert not is_encoded(folder.parent)


def test_a_corpus_that_is_encoded_to_a_folder_is_the_one_that_is_returned(tmp_path):
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT)
    values: dict[str, Any] = {"min_count": 1, "keep_words": ["sun"], "threads": 1}
    corpus = skipgram.encode(file, tmp_path / "corpus", **values)
    loaded = EncodedCorpus.load(tmp_path / "corpus")
    for other in (loaded, skipgram.encode(file, **values)):
        assert_same(corpus, other)
        assert other.settings == corpus.settings
    assert loaded.summary == corpus.summary
    assert loaded.fingerprint == corpus.fingerprint != ""
    assert sorted(tmp_path.iterdir()) == [tmp_path / "corpus", file]


def test_words_that_hold_line_ends_and_blanks_survive(tmp_path):
    odd = ["a\nb", "\n", "a b", "\r", "é\n", "\0", "b"]
    corpus = skipgram.encode([odd, odd], min_count=1)
    corpus.save(tmp_path / "corpus")
    assert lines_of(EncodedCorpus.load(tmp_path / "corpus")) == [odd, odd]
    assert lines_of(corpus) == [odd, odd]


def test_words_that_were_dropped_may_hold_line_ends_while_others_stay():
    corpus = skipgram.encode([["a", "b", "x\ny"], ["b\nb", "a", "b\nb"], ["q\n"]], min_count=2)
    assert lines_of(corpus) == [["a"], ["b\nb", "a", "b\nb"]]


def test_a_part_of_a_corpus_can_be_saved(corpus, tmp_path):
    corpus.slice_tokens(3, 9).save(tmp_path / "part")
    assert lines_of(EncodedCorpus.load(tmp_path / "part")) == lines_of(corpus.slice_tokens(3, 9))


def test_what_is_written_to_a_loaded_corpus_does_not_reach_its_file(folder):
    before = (folder / "ids.int32").read_bytes()
    EncodedCorpus.load(folder).ids[:] = 0
    assert (folder / "ids.int32").read_bytes() == before


# Damage


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_bytes(change((folder / name).read_bytes()))

    return damage


def missing(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def about(**values: Any) -> Callable[[Path], None]:
    return changed("corpus.json", lambda content: json.dumps(json.loads(content) | values).encode())


def numbers(name: str, dtype: str, **places: int) -> Callable[[Path], None]:
    def damage(content: bytes) -> bytes:
        array = np.frombuffer(content, dtype).copy()
        for place, number in places.items():
            array[int(place.removeprefix("at"))] = number
        return array.tobytes()

    return changed(name, damage)


FILES = ("ids.int32", "line_ends.int64", "vocabulary", "corpus.json")
DAMAGE: dict[str, tuple[str, Callable[[Path], None]]] = {}
for _name in FILES:
    DAMAGE[f"{_name} missing"] = (_name, missing(_name))
    DAMAGE[f"{_name} empty"] = (_name, changed(_name, lambda content: b""))
    DAMAGE[f"{_name} cut"] = (_name, changed(_name, lambda content: content[:-9]))
    DAMAGE[f"{_name} longer"] = (_name, changed(_name, lambda content: content + b"}\0\0\0"))
for _name in ("vocabulary", "corpus.json"):
    DAMAGE[f"{_name} garbage"] = (_name, changed(_name, lambda content: b"\xff\x01" * 400))
DAMAGE |= {
    "an id too large": ("ids.int32", numbers("ids.int32", "<i4", at7=5)),
    "an id below 0": ("ids.int32", numbers("ids.int32", "<i4", at0=-1)),
    "lines that go back": ("line_ends.int64", numbers("line_ends.int64", "<i8", at3=1)),
    "an empty line": ("line_ends.int64", numbers("line_ends.int64", "<i8", at0=0)),
    "a last line too long": ("line_ends.int64", numbers("line_ends.int64", "<i8", **{"at-1": 99})),
    "another format": ("corpus.json", about(format="something")),
    "a later version": ("corpus.json", about(format_version=2)),
    "no numbers": ("corpus.json", about(tokens=None)),
    "a number too large": ("corpus.json", about(tokens=float("inf"))),
    "more tokens": ("ids.int32", about(tokens=10**15)),
    "no tokens": ("corpus.json", about(tokens=0)),
    "fewer lines": ("line_ends.int64", about(lines=3)),
    "a strange summary": ("corpus.json", about(summary={"files": 3})),
    "a summary that is a list": ("corpus.json", about(summary=[])),
    "a strange setting": ("corpus.json", about(settings={"text": 3})),
    "settings that are a list": ("corpus.json", about(settings=[3])),
    "a list": ("corpus.json", changed("corpus.json", lambda content: b"[" + content + b"]")),
    "a deep list": ("corpus.json", changed("corpus.json", lambda content: b"[" * 100_000)),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told_in_one_line_that_names_the_file(name, folder):
    file, damage = DAMAGE[name]
    damage(folder)
    with pytest.raises(FormatError) as caught:
        EncodedCorpus.load(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert file in message
    assert "\n" not in message


def test_the_version_of_a_later_corpus_is_told(folder):
    about(format_version=2)(folder)
    with pytest.raises(FormatError, match=r"corpus\.json: format version 2; this skipgram reads"):
        EncodedCorpus.load(folder)


@pytest.mark.parametrize("name", ["nothing", "text.txt"])
def test_what_is_no_encoded_corpus_is_refused(name, tmp_path):
    (tmp_path / "text.txt").write_text("a b\n")
    with pytest.raises(FormatError) as caught:
        EncodedCorpus.load(tmp_path / name)
    assert name in str(caught.value)


def test_damage_is_found_however_many_numbers_there_are(corpus, folder):
    times = AT_ONCE // len(corpus) + 1  # they are not all looked at together
    starts = np.arange(times)[:, np.newaxis] * len(corpus)
    words, counts = corpus.vocabulary.words, corpus.vocabulary.counts
    replace(
        corpus,
        ids=np.tile(corpus.ids, times),
        line_ends=(starts + corpus.line_ends).ravel(),
        vocabulary=Vocabulary(words, counts * times),
    ).save(folder, overwrite=True)
    assert EncodedCorpus.load(folder).lines == 20 * times
    last = times * len(corpus) - 1
    numbers("ids.int32", "<i4", **{f"at{last}": 5})(folder)
    with pytest.raises(
        FormatError, match=rf"ids\.int32: entry {last:,} is 5, which is not an id of the 5"
    ):
        EncodedCorpus.load(folder)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_flipped_byte_is_an_error_or_harmless(tmp_path_factory, data):
    base = tmp_path_factory.getbasetemp() / "flipped"
    if not base.exists():
        encoded(TEXT).save(base)
    name = data.draw(st.sampled_from(FILES))
    content = (base / name).read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255))
    (base / name).write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
    try:
        loaded = EncodedCorpus.load(base)
        assert loaded.ids.max() < len(loaded.vocabulary)
        assert loaded.line_ends[-1] == len(loaded)
    except FormatError:
        pass
    finally:
        (base / name).write_bytes(content)


# Places


def test_a_corpus_replaces_only_one_of_its_kind(corpus, folder):
    with pytest.raises(OutputExistsError, match=r"corpus already exists; choose another name"):
        corpus.save(folder)
    corpus.slice_lines(0, 1).save(folder, overwrite=True)
    assert EncodedCorpus.load(folder).lines == 1
    (folder / "notes.md").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"holds notes\.md, which would be lost"):
        corpus.save(folder, overwrite=True)
    assert (folder / "notes.md").read_text() == "mine"
    assert EncodedCorpus.load(folder).lines == 1


def test_a_file_is_never_replaced_by_a_corpus(corpus, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("mine")
    for write in (corpus.save, lambda *a, **k: skipgram.encode([["a", "b"]], *a, **k)):
        with pytest.raises(OutputExistsError):
            write(file, overwrite=True)
    assert file.read_text() == "mine"


def test_the_corpus_itself_is_never_the_place(tmp_path):
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT)
    for place in (file, tmp_path):
        with pytest.raises(
            SettingsError, match=r"is an input and would be (overwritten|replaced);"
        ):
            skipgram.encode(file, place, overwrite=True)
    assert file.read_bytes() == TEXT


@pytest.mark.parametrize("stage", ["reading", "joining phrases", "numbering"])
@pytest.mark.parametrize("threads", [1, 3])
def test_an_encoding_that_is_interrupted_leaves_nothing(stage, threads, tmp_path):
    file = tmp_path / "text.txt"
    file.write_bytes(TEXT)

    def interrupt(event: Any) -> None:
        if event.stage == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        skipgram.encode(
            file,
            tmp_path / "deep" / "corpus",
            observe=interrupt,
            phrases=1,
            min_count=1,
            threads=threads,
        )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    assert not (tmp_path / "deep" / "corpus").exists()


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("limit", [100, 5_000, 300_000, 500_000])
def test_a_full_disk_is_one_line_and_leaves_nothing(limit, threads, tmp_path, monkeypatch):
    monkeypatch.setattr(preparing, "encode_sources", partial(encode_sources, memory_bytes=1 << 18))
    file = tmp_path / "text.txt"
    file.write_bytes(b"".join(b"%d %d\n" % (number, number // 2) for number in range(60_000)))
    values: dict[str, Any] = {"min_count": 1, "threads": threads}
    expected = skipgram.encode(file, **values)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))  # as if no more were on the disk
    try:
        with pytest.raises(SkipgramError) as caught:
            skipgram.encode(file, tmp_path / "corpus", **values)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "written" in str(caught.value)
    assert "File too large" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [file]
    assert_same(skipgram.encode(file, tmp_path / "corpus", **values), expected)
