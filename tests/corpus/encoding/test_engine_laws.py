"""Laws of the corpus engine: what it gives depends on the text, and on nothing else."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.corpora import PACKED_OR_NOT
from helpers.encoding_twin import (
    assert_same,
    counts_in,
    decoded,
    encoded,
    is_trainable,
    kept,
    lines_in,
    tokens_in,
    words_in,
)
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.tokens import type_table
from skipgram.errors import CorpusError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=60)

SMALL: dict[str, Any] = {"min_count": 1, "threads": 1}

pieces = st.sampled_from(
    ["a", "b", "ab", "é", "straße", "🐈", "x" * 8, "x" * 70, "\0", "\ufeff", "\u2028"]
) | st.sampled_from([" ", " ", "\t", "\n", "\r", "\r\n", "\x0b\x0c"])
texts = st.lists(pieces, max_size=40).map(lambda drawn: "two words\n" + "".join(drawn))
block_sizes = st.integers(1, 100)


def random_text(types: int, tokens: int, seed: int = 1) -> bytes:
    """Words of which some are frequent, in lines of seven."""
    random = np.random.default_rng(seed)
    numbers = (types * random.random(tokens) ** 3).astype(int).tolist()
    words = [b"w%d" % number for number in numbers]
    lines = (b" ".join(words[start : start + 7]) for start in range(0, tokens, 7))
    return b"\n".join(lines) + b"\n"


# What was encoded is decoded


@law
@given(texts, block_sizes, st.integers(1, 4))
def test_a_text_is_encoded_and_decoded_without_loss(text, block_bytes, min_count):
    content = text.encode()
    lines = kept(words_in(content), min_count)
    if not is_trainable(lines):
        with pytest.raises(CorpusError):
            encoded(content, block_bytes=block_bytes, min_count=min_count)
        return
    corpus = encoded(content, block_bytes=block_bytes, min_count=min_count)
    assert decoded(corpus) == lines
    assert list(corpus.sentences()) == lines
    assert counts_in(corpus).keys() == set(corpus.vocabulary)
    counts = corpus.vocabulary.counts.tolist()
    assert counts == sorted(counts, reverse=True)
    assert corpus.summary.null_bytes == sum(word.count("\0") for line in lines for word in line)
    assert corpus.summary.tokens == sum(map(len, tokens_in(content)))
    assert corpus.summary.lines == len(lines_in(content))


@law
@given(texts, st.lists(block_sizes, min_size=2, max_size=2), st.sampled_from([1, 2, 7]))
def test_threads_and_blocks_change_nothing(text, block_sizes, threads):
    one, other = text.encode(), (text + "\nwords").encode()
    whole = encoded(one, other)
    assert_same(whole, encoded(one, other, block_bytes=block_sizes[0], threads=threads))
    cut = encoded(one, other, block_bytes=block_sizes[1], threads=threads)
    assert_same(whole, cut)
    assert cut.summary.sha256 == whole.summary.sha256


@law
@given(st.lists(texts, min_size=1, max_size=40), block_sizes, st.sampled_from([1, 2, 7]))
def test_a_text_cut_at_line_ends_is_the_same_text(parts, block_bytes, threads):
    contents = [part.encode() + b"\n" for part in parts]
    whole = encoded(b"".join(contents))
    cut = encoded(*contents, block_bytes=block_bytes, threads=threads)
    assert_same(whole, cut)
    assert cut.summary.sha256 == whole.summary.sha256
    assert cut.summary.lines == whole.summary.lines
    assert cut.summary.sources == len(parts)
    # Without the last line end a source's own end takes its place.
    assert_same(whole, encoded(*(content[:-1] for content in contents), block_bytes=block_bytes))


@law
@given(st.lists(texts, min_size=1, max_size=4), block_sizes)
def test_texts_in_memory_and_lists_of_tokens_are_the_same_corpus(parts, block_bytes):
    whole = encoded(*(part.encode() for part in parts), block_bytes=block_bytes)
    texts = skipgram.encode(skipgram.Texts([*parts, None]), **SMALL)
    assert_same(whole, texts)
    assert texts.summary.missing_values == 1
    lines = words_in(*(part.encode() for part in parts))
    assert_same(whole, skipgram.encode(skipgram.Texts(lines), **SMALL))
    assert_same(whole, skipgram.encode(lines, **SMALL))


@law
@given(
    st.lists(st.lists(st.integers(-3, 12) | st.sampled_from([2**64 - 1, -(2**63)]), max_size=7)),
    st.integers(1, 3),
)
def test_lists_of_integers_are_the_corpus_of_their_digits(walks, min_count):
    walks = [[5, 17], *walks, [5, 17] * min_count]
    digits = [[str(number) for number in walk] for walk in walks]
    whole = skipgram.encode(digits, min_count=min_count, threads=1)
    mixed = [[*walk[:1], *words[1:]] for walk, words in zip(walks, digits, strict=True)]
    for lines in (walks, mixed, [np.array(walk, object) for walk in walks]):
        found = skipgram.encode(lines, min_count=min_count, threads=1)
        assert_same(whole, found)
        assert found.summary == whole.summary


@pytest.mark.parametrize("packing", PACKED_OR_NOT)
@pytest.mark.parametrize("threads", [1, 2, 7])
def test_packed_files_in_order_are_one_corpus(packing, threads, tmp_path):
    content = random_text(types=500, tokens=20_000)
    lines = content.splitlines(keepends=True)
    files = [tmp_path / f"{number:02}.txt" for number in range(40)]
    for number, file in enumerate(files):
        file.write_bytes(PACKED_OR_NOT[packing](b"".join(lines[number * 72 : number * 72 + 72])))
    whole = encoded(content)
    for corpus in (files, tmp_path, f"{tmp_path}/*.txt"):
        found = skipgram.encode(corpus, min_count=1, threads=threads)
        assert_same(whole, found)
        assert found.summary.sources == 40
        assert found.summary.sha256 == whole.summary.sha256


# In memory or on the disk, with frequent types or without


@pytest.fixture
def learning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Types are learned from the first blocks, again and again."""
    monkeypatch.setattr(type_table, "_FREQUENT", 64)
    monkeypatch.setattr(type_table, "_BLOCKS_TO_LEARN_FROM", (2, 5, 20))


@pytest.fixture(scope="module")
def medium() -> tuple[bytes, EncodedCorpus]:
    content = random_text(types=3_000, tokens=30_000)
    return content, encoded(content, min_count=2)


@pytest.mark.usefixtures("learning")
@pytest.mark.parametrize("threads", [1, 2, 7])
def test_frequent_types_change_nothing(medium, threads):
    content, whole = medium
    assert decoded(whole) == kept(words_in(content), 2)
    corpus = encoded(content, block_bytes=1 << 11, min_count=2, threads=threads)
    assert_same(whole, corpus)
    assert corpus.summary.types == whole.summary.types
    assert corpus.summary.rare_tokens == whole.summary.rare_tokens


@pytest.mark.usefixtures("learning")
def test_frequent_types_stay_right_where_blocks_must_be_mended(medium):
    content, _ = medium
    lines = content.splitlines(keepends=True)
    lines[100:4000:37] = [line.replace(b" ", b" \xff ", 1) for line in lines[100:4000:37]]
    broken = b"".join(lines)
    corpus = encoded(broken, block_bytes=1 << 11, threads=2)
    assert decoded(corpus) == kept(words_in(broken.decode(errors="replace").encode()))
    assert corpus.summary.replaced == broken.count(b"\xff")


@pytest.mark.usefixtures("learning")
@pytest.mark.parametrize("threads", [1, 2])
def test_what_lies_on_the_disk_between_is_the_same(medium, threads, tmp_path):
    content, whole = medium
    values: dict[str, Any] = {"block_bytes": 1 << 12, "min_count": 2, "threads": threads}
    values["memory_bytes"] = 1000  # next to nothing
    corpus = encoded(content, scratch=tmp_path, **values)
    assert corpus.memory_bytes == 0
    assert list(tmp_path.iterdir()) == []
    assert_same(whole, corpus)
    kept_in = tmp_path / "corpus"
    kept_in.mkdir()
    assert_same(whole, encoded(content, folder=kept_in, **values))
    assert_same(whole, EncodedCorpus.load(kept_in))


def test_a_corpus_with_more_types_than_are_learned_is_encoded_right(monkeypatch):
    monkeypatch.setattr(type_table, "_BLOCKS_TO_LEARN_FROM", (8,))
    content = random_text(types=60_000, tokens=120_000)
    seen: list[Any] = []
    made = type_table.FrequentTypes
    monkeypatch.setattr(type_table, "FrequentTypes", lambda *of: seen.append(1) or made(*of))
    corpus = encoded(content, block_bytes=1 << 16)
    assert seen == [1]
    assert decoded(corpus) == kept(words_in(content))
    counts_in(corpus)


def test_wide_numbers_survive_the_spool(tmp_path):
    words = [b"%x" % number for number in range(70_000)]
    corpus = encoded(b" ".join(words) + b"\n" + b" ".join(words[::-1]), scratch=tmp_path)
    np.testing.assert_array_equal(corpus.ids, [*range(70_000), *range(69_999, -1, -1)])


def test_an_encoded_folder_holds_the_same_bytes_for_any_threads(tmp_path: Path):
    content = random_text(types=500, tokens=5_000)
    for threads in (1, 2, 7):
        folder = tmp_path / str(threads)
        folder.mkdir()
        encoded(content, block_bytes=512, threads=threads, folder=folder)
        assert_same(EncodedCorpus.load(tmp_path / "1"), EncodedCorpus.load(folder))
    for name in ("ids.int32", "line_ends.int64"):
        assert len({(tmp_path / n / name).read_bytes() for n in ("1", "2", "7")}) == 1
