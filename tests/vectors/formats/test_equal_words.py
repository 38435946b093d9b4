"""Words that appear again: refused at the first one, or left out, whatever is read at a time."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from skipgram.corpus.vocabulary import packed_words
from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.errors import FormatError
from skipgram.vectors.formats import growing
from skipgram.vectors.formats import text as text_format
from skipgram.vectors.formats.assembling import ReadingOptions, gather
from skipgram.vectors.formats.byte_reader import BytesOfFile

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=100)

# The first two have one hash.
words = st.lists(st.sampled_from(["plumless", "buckeroo", "a", "b", "c"]), min_size=1, max_size=12)


@law
@given(words, st.integers(1, 4))
def test_each_word_behind_an_equal_one_is_found_with_the_first(given_words, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_words, "_WORDS_AT_ONCE", at_once)
        found = PackedWords.of(given_words).twins()
        expected = {
            (given_words.index(word), at)
            for at, word in enumerate(given_words)
            if given_words.index(word) < at
        }
        assert set(found) == expected


@law
@given(words, st.integers(1, 30), st.booleans())
def test_equal_words_are_told_or_left_out_whatever_is_read_at_a_time(
    tmp_path_factory, given_words, block_bytes, maps_rows
):
    folder = tmp_path_factory.getbasetemp()
    file = folder / "equal.txt"
    file.write_text("".join(f"{word} {at} 1\n" for at, word in enumerate(given_words)))
    firsts = [at for at, word in enumerate(given_words) if given_words.index(word) == at]
    scratch = folder if maps_rows else None
    vectors = read(file, block_bytes, duplicates="first", scratch=scratch)
    assert list(vectors.words) == [given_words[at] for at in firsts]
    assert vectors.matrix.tolist() == [[at, 1] for at in firsts]
    assert vectors.about["read"]["duplicates_dropped"] == len(given_words) - len(firsts)
    if len(firsts) == len(given_words):
        assert len(read(file, block_bytes, scratch=scratch)) == len(firsts)
        return
    second = next(at for at in range(len(given_words)) if at not in firsts)
    with pytest.raises(FormatError, match=rf"equal\.txt:{second + 1}: the word .* appears twi"):
        read(file, block_bytes, scratch=scratch)


def read(file: Path, block_bytes: int, **options) -> skipgram.WordVectors:
    with BytesOfFile(file) as opened:
        stream = text_format.read(opened, has_header=False, block_bytes=block_bytes)
        return gather(stream, ReadingOptions(**options), first_look_bytes=1, rows_at_once=2)


@law
@given(st.lists(st.integers(0, 9), max_size=12), st.integers(0, 200), st.booleans())
def test_rows_that_grow_are_what_was_put_in(tmp_path_factory, sizes, expected, maps_rows):
    scratch = tmp_path_factory.getbasetemp() if maps_rows else None
    parts = [np.full((size, 3), at, np.float32) for at, size in enumerate([*sizes, 1])]
    with growing.GrowingRows(3, expected, scratch) as rows:
        for part in parts:
            rows.append(part)
        assert rows.finished().tolist() == np.concatenate(parts).tolist()


def test_a_word_that_decodes_to_nothing_or_to_half_a_character_is_told_with_its_place(tmp_path):
    file = tmp_path / "v.txt"
    file.write_bytes(b"a 1\n\xef\xbb\xbf\xef\xbb\xbf 2\n")
    assert skipgram.load(file).words[1] == "\ufeff\ufeff"
    file.write_bytes(b"a 1\n\xef\xbb\xbf 2\n")
    with pytest.raises(FormatError, match=rf"^{file}:2: the word is empty$"):
        skipgram.load(file, encoding="utf-8-sig")
    file.write_bytes(b"a 1\n+2AA- 2\n")
    with pytest.raises(FormatError, match=rf"^{file}:2: the word '\\ud800' holds half a surrogate"):
        skipgram.load(file, encoding="utf-7")
