"""Text read by a cluster: the corpus of one machine, field by field."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import skipgram
from helpers.clusters import stored_files
from helpers.corpora import PACKED_OR_NOT
from helpers.encoding_twin import assert_same
from skipgram.cluster import reading as cluster_reading
from skipgram.cluster.connecting import Cluster
from skipgram.cluster.reading import read_on
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.encoding import encode_sources
from skipgram.corpus.phrases import file as phrases_file
from skipgram.corpus.preparing import prepare
from skipgram.corpus.sources.finding import sources_of
from skipgram.corpus.summary import ReadingProgress
from skipgram.errors import CorpusError, SettingsError, SkipgramError, read_at_a_shell
from skipgram.settings import Settings, TextSettings, VocabularySettings

MEMORY = "table_bytes"
"""What the driver's own table takes: less where it takes over the types of many blocks at once."""

pieces = st.sampled_from(
    [b"a", b"b", b"ab", "é".encode(), "straße".encode(), b"x" * 70, b"\0", b"\xff", b"It's.", b"!"]
) | st.sampled_from([b" ", b" ", b"\t", b"\n", b"\r", b"\r\n", b"\x0b\x0c"])
texts = st.lists(pieces, max_size=40).map(b"".join)
law = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def both(
    cluster: Cluster,
    corpus: Any,
    text: TextSettings | None = None,
    vocabulary: VocabularySettings | None = None,
    column: str = "",
    **more: Any,
) -> list[EncodedCorpus | str]:
    """The corpus by a cluster and by this machine, or what is said of it."""
    found: list[EncodedCorpus | str] = []
    for read in (read_on(cluster), None):
        sources = sources_of(corpus, column=column)
        try:
            encoded = encode_sources(sources, text, vocabulary, read_elsewhere=read, **more)
        except SkipgramError as error:
            found.append(str(error))
        else:
            found.append(encoded)
    return found


def assert_equal(one: EncodedCorpus | str, other: EncodedCorpus | str) -> None:
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert_same(one, other)
    ours, theirs = asdict(one.summary), asdict(other.summary)
    assert ours.pop(MEMORY) > 0
    assert theirs.pop(MEMORY) > 0
    assert ours == theirs
    assert one.settings == other.settings
    assert (one.phraser is None) == (other.phraser is None)
    if one.phraser is not None:
        assert phrases_file.checksum(one.phraser) == phrases_file.checksum(other.phraser)


@law
@given(
    st.lists(texts, min_size=1, max_size=6),
    st.sampled_from(["whitespace", "words"]),
    st.sampled_from(["replace", "ignore"]),
    st.integers(1, 9),
    st.integers(1, 3),
)
def test_a_text_in_any_files_is_the_corpus_of_one_machine(
    in_process_cluster, tmp_path, contents, tokenizer, undecodable, calls, min_count
):
    files = [tmp_path / f"{number}.txt" for number in range(len(contents) + 1)]
    for file, content in zip(files, [b"two words", *contents], strict=True):
        file.write_bytes(content or b" ")
    text = TextSettings(tokenizer=tokenizer, undecodable=undecodable)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster_reading, "CALLS_OF_A_WORKER", calls)
        vocabulary = VocabularySettings(min_count=min_count)
        found, expected = both(in_process_cluster, files, text, vocabulary)
    assert_equal(found, expected)


def random_lines(types: int, tokens: int) -> list[str]:
    random = np.random.default_rng(1)
    words = [f"w{number}" for number in (types * random.random(tokens) ** 3).astype(int)]
    return [" ".join(words[start : start + 9]) + "\n" for start in range(0, tokens, 9)]


def written(folder: Path, lines: list[str], files: int, pack: Any = bytes) -> list[Path]:
    """Lines cut into files of about as many."""
    paths = []
    for number in range(files):
        part = lines[number * len(lines) // files : (number + 1) * len(lines) // files]
        paths.append(folder / f"{number:03}.txt")
        paths[-1].write_bytes(pack("".join(part).encode()))
    return paths


@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_many_blocks_and_frequent_types_are_taken_over(
    in_process_cluster, tmp_path, packing, monkeypatch
):
    # Files of more blocks than a table learns from, in bundles of a few blocks each.
    monkeypatch.setattr("skipgram.corpus.sources.reading.text_blocks.__kwdefaults__", SMALL_BLOCKS)
    monkeypatch.setattr("skipgram.corpus.tokens.type_table._FREQUENT", 64)
    monkeypatch.setattr(cluster_reading, "_BUNDLE_BYTES", 1 << 16)
    files = written(tmp_path, random_lines(3_000, 90_000), 3, PACKED_OR_NOT[packing])
    before = stored_files()
    vocabulary = VocabularySettings(min_count=1)
    found, expected = both(in_process_cluster, files, None, vocabulary, memory_bytes=1 << 16)
    assert_equal(found, expected)
    assert stored_files() == before
    assert found.summary.sha256 == sha256_of(random_lines(3_000, 90_000))


SMALL_BLOCKS = {"whole_lines": False, "block_bytes": 1 << 14}


def sha256_of(lines: list[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def test_phrases_known_words_and_folders_are_those_of_one_machine(in_process_cluster, tmp_path):
    lines = ["new york is a city\n", "a city in new york\n", "it is not new\n"] * 30
    files = written(tmp_path, lines, 4)
    text = TextSettings(phrases=1, phrase_min_count=2, phrase_threshold=1.0)
    folders = [tmp_path / "of the cluster", tmp_path / "of one machine"]
    corpora = []
    for folder, read in zip(folders, (read_on(in_process_cluster), None), strict=True):
        folder.mkdir()
        corpora.append(
            encode_sources(
                sources_of(files),
                text,
                VocabularySettings(min_count=2),
                folder=folder,
                known=["city"],
                read_elsewhere=read,
            )
        )
    assert_equal(*corpora)
    assert corpora[0].summary.phrases > 0
    names = [sorted(path.name for path in folder.iterdir()) for folder in folders]
    assert names[0] == names[1]


def test_columns_of_tables_and_lists_of_words_are_read(in_process_cluster, tmp_path):
    rows = ['{"text": "the sun and the moon"}\n', '{"text": ["the", "moon"]}\n', "{}\n"]
    for number in range(3):
        (tmp_path / f"{number}.jsonl").write_text("".join(rows[number % 2 :: 2] * 9))
    found, expected = both(in_process_cluster, sorted(tmp_path.glob("*.jsonl")), column="text")
    assert_equal(found, expected)


def test_a_file_by_a_relative_name_keeps_that_name(in_process_cluster, tmp_path, monkeypatch):
    (tmp_path / "text").write_bytes(b"two words\xff two words\n" * 9)
    monkeypatch.chdir(tmp_path)
    found, expected = both(in_process_cluster, "text")
    assert_equal(found, expected)
    assert found.summary.first_replaced == "text: byte 9"
    assert sources_of("text").items[0].from_anywhere().place == tmp_path / "text"


def test_remote_files_are_read(in_process_cluster):
    files = MemoryFileSystem()
    files.pipe({"/texts/a.txt": b"two words of\n" * 9, "/texts/b.txt": b"two of them\n" * 9})
    try:
        assert_equal(*both(in_process_cluster, "memory://texts"))
    finally:
        files.rm("/texts", recursive=True)


def test_preparing_takes_the_same_seam_and_tells_its_progress(in_process_cluster, tmp_path):
    written(tmp_path, random_lines(50, 5_000), 5)
    sources, told = sources_of(tmp_path), []
    corpus = prepare(
        sources,
        Settings.of(),
        None,
        read_elsewhere=read_on(in_process_cluster),
        observe=told.append,
    )
    assert_same(corpus, prepare(sources, Settings.of(), None))
    read = [event for event in told if isinstance(event, ReadingProgress)]
    sizes = [event.bytes_read for event in read if event.stage == "reading"]
    assert sizes == sorted(sizes)
    assert sizes[-1] == sum(source.size_bytes for source in sources.items)


def test_a_call_that_is_made_twice_writes_the_same_under_other_names(in_process_cluster, tmp_path):
    files = written(tmp_path, random_lines(50, 1_000), 2)
    storage = in_process_cluster.storage
    call = storage, 3, sources_of(files).items, TextSettings(), None
    one, other = (cluster_reading._read_sources(*call) for _ in range(2))
    assert (one.number, one.tally, one.bytes_read) == (3, other.tally, other.bytes_read)
    for ours, theirs in zip([one.types, *one.chunks], [other.types, *other.chunks], strict=True):
        assert ours.stored.url != theirs.stored.url
        for array, same in zip(ours.read(), theirs.read(), strict=True):
            np.testing.assert_array_equal(array, same)
        storage.remove(ours.stored, theirs.stored)


# What cannot be read


@pytest.mark.parametrize(
    ("corpus", "tokenizer", "max_types", "said"),
    [
        (skipgram.Texts(["two words"]), None, 0, "texts in memory cannot be read by the workers"),
        ("-", None, 0, "standard input cannot be read by the workers of a cluster, only files"),
        (__file__, str.split, 0, "a tokenizer of your own cannot be called by the workers"),
        (__file__, None, 100, "max_types 100 cannot be kept by the workers of a cluster"),
    ],
)
def test_what_workers_cannot_read_is_refused_with_a_way_out(corpus, tokenizer, max_types, said):
    def read(*given: object) -> None:
        raise AssertionError("nothing is to be read")

    with pytest.raises(SettingsError, match=said) as caught:
        encode_sources(
            sources_of(corpus),
            vocabulary=VocabularySettings(max_types=max_types),
            tokenizer=tokenizer,
            read_elsewhere=read,
        )
    assert "encode the text first on this machine (skipgram encode)" in str(caught.value)


@pytest.mark.parametrize("remove", [True, False])
def test_a_file_that_a_worker_does_not_see_is_named_with_the_worker(
    in_process_cluster, tmp_path, remove
):
    file = tmp_path / "text.txt"
    file.write_text("two words\n")
    sources = sources_of(file)
    file.unlink() if remove else file.write_text("two other words\n")
    what = "does not find" if remove else "is another file for the worker"
    with pytest.raises(CorpusError, match=what) as caught:
        encode_sources(sources, read_elsewhere=read_on(in_process_cluster))
    assert str(file) in str(caught.value)
    assert "the worker inproc://" in str(caught.value)
    assert "where all machines see it" in str(caught.value)


def test_what_is_wrong_with_a_text_is_said_as_on_one_machine(in_process_cluster, tmp_path):
    file = tmp_path / "text.txt"
    file.write_bytes(b"two words\xff\n")
    text = TextSettings(undecodable="error")
    found, expected = both(in_process_cluster, file, text)
    assert found == expected
    assert 'undecodable="replace"' in found
    with read_at_a_shell():
        found, expected = both(in_process_cluster, file, text)
    assert found == expected
    assert "--undecodable replace" in found
