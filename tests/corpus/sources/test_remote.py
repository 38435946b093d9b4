"""What fsspec opens is read like a file of this machine."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet
import pytest

from helpers.corpora import (
    FILES,
    MARK,
    TEXT,
    WRAP,
    blocks_in,
    names_in,
    packed,
    refusal_of,
    text_of,
)
from skipgram.corpus.sources import remote
from skipgram.corpus.sources.finding import sources_of
from skipgram.errors import CorpusError


@pytest.fixture
def memory() -> Iterator[Any]:
    """A file system that is nowhere on the disk."""
    files = fsspec.filesystem("memory")
    for name in FILES:
        files.pipe(f"/corpus/{name}", f"{name}\n".encode())
    yield files
    files.rm("/corpus", recursive=True)


def test_a_url_is_read(memory):
    sources = sources_of("memory://corpus/a.txt")
    (source,) = sources.items
    assert (source.name, source.size_bytes) == ("memory://corpus/a.txt", 6)
    assert names_in(sources) == ["a.txt"]


@packed
def test_a_packed_url_is_read(memory, pack):
    memory.pipe("/corpus/text", pack(MARK + TEXT))
    assert text_of(sources_of("memory://corpus/text")) == TEXT


def test_a_fingerprint_changes_when_the_remote_file_does(memory):
    first = sources_of("memory://corpus/a.txt").items[0].fingerprint
    assert sources_of("memory://corpus/a.txt").items[0].fingerprint == first
    memory.pipe("/corpus/a.txt", b"other text")
    assert sources_of("memory://corpus/a.txt").items[0].fingerprint != first


def test_what_lies_on_the_web_has_a_fingerprint_if_its_server_gives_one():
    def mark(about: dict[str, Any]) -> str:
        files = SimpleNamespace(protocol=("http", "https"), info=lambda place: about)
        return remote.mark_of(files, "https://a")

    about = {"size": 5, "type": "file"}
    assert mark(about) == ""
    assert mark({**about, "ETag": "x"}) == "5 x"
    assert len({mark({**about, "Last-Modified": day}) for day in ("Monday", "Tuesday")}) == 2


def test_a_remote_folder_is_read_with_all_below_it_but_what_is_hidden(memory):
    sources = sources_of("memory://corpus")
    assert sorted(names_in(sources)) == ["a.txt", "a/b/c.txt", "a/z.txt", "b.txt", "c.md"]
    assert sources.hidden_files == 2
    assert [source.name for source in sources.items] == sorted(
        source.name for source in sources.items
    )


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("[ac].*", ["a.txt", "c.md"]),
        ("**/*.txt", ["a.txt", "a/b/c.txt", "a/z.txt", "b.txt"]),
        ("*", ["a.txt", "a/b/c.txt", "a/z.txt", "b.txt", "c.md"]),
        (".git/*", [".git/x.txt"]),
        ("a*", ["a.txt", "a/b/c.txt", "a/z.txt"]),
    ],
)
def test_a_pattern_of_urls_gives_the_files_that_it_matches(memory, pattern, names):
    sources = sources_of(f"memory://corpus/{pattern}")
    assert sorted(names_in(sources)) == names
    assert {source.name[:16] for source in sources.items} == {"memory:///corpus"}


def test_a_remote_file_whose_name_looks_like_a_pattern_is_that_file(memory):
    memory.pipe("/corpus/[ab].txt", b"itself")
    assert names_in(sources_of("memory://corpus/[ab].txt")) == ["itself"]


def test_a_url_of_a_local_file_is_that_file(folder):
    sources = sources_of(f"file://{folder}/a.txt")
    assert sources.items == sources_of(folder / "a.txt").items
    assert names_in(sources_of(f"file://{folder}/*.txt")) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://nowhere", "memory://nowhere: No such file"),
        ("memory://corpus/*.xyz", "no file matches memory://corpus/*.xyz"),
        ("memory://corpus/empty", "memory://corpus/empty is empty; there is no text to train on"),
        ("strange://a", "strange://a: Protocol not known: strange"),
        ("see http://a", f"see http://a: Protocol not known: see http{WRAP}"),
    ],
)
def test_a_url_that_leads_nowhere_is_an_error(memory, url, message):
    memory.pipe("/corpus/empty", b"")
    assert refusal_of(url) == message


def test_a_missing_plug_in_is_an_error_in_its_own_words(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    assert refusal_of("s3://bucket/text") == "s3://bucket/text: Install s3fs to access S3"


def test_a_remote_file_that_vanishes_or_fails_is_an_error(memory, monkeypatch):
    sources = sources_of(["memory://corpus/a.txt"])

    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("the line\nis dead")

    monkeypatch.setattr(type(memory), "_open", failing)
    with pytest.raises(CorpusError) as caught:
        blocks_in(sources)
    assert str(caught.value) == "memory://corpus/a.txt: the line is dead"


def test_a_column_is_read_from_remote_tables(tmp_path, memory):
    pa.parquet.write_table(pa.table({"text": ["sun", "moon"]}), tmp_path / "a.parquet")
    memory.pipe("/corpus/tables/a.parquet", (tmp_path / "a.parquet").read_bytes())
    memory.pipe("/corpus/tables/b.jsonl", b'{"text": "sun"}\n{"text": "moon"}\n')
    assert text_of(sources_of("memory://corpus/tables", column="text")) == b"sun\nmoon\n" * 2
