"""Files are found in folders and by patterns, and what is not found is told in one line."""

import os
from pathlib import Path

import pytest

from helpers.corpora import (
    MARK,
    TEXT,
    WRAP,
    blocks_in,
    names_in,
    packed,
    refusal_of,
    text_of,
)
from skipgram.corpus.sources import local
from skipgram.corpus.sources.blocks import BLOCK_BYTES
from skipgram.corpus.sources.finding import sources_of
from skipgram.errors import CorpusError

# Files


@packed
def test_a_file_is_read_whatever_its_name_and_its_packing(tmp_path, pack):
    for name in ("text.gz", "text.bz2", "text.txt"):
        (tmp_path / name).write_bytes(pack(MARK + TEXT))
        for corpus in (str(tmp_path / name), tmp_path / name, [tmp_path / name]):
            assert text_of(sources_of(corpus)) == TEXT


def test_a_source_tells_its_name_and_its_size(folder):
    (source,) = sources_of(folder / "a.txt").items
    assert (source.name, source.size_bytes) == (f"{folder}/a.txt", 6)
    assert {block.source for block in source.blocks()} == {source.name}


def test_a_fingerprint_changes_when_the_file_does(folder):
    def fingerprint() -> str | None:
        return sources_of(folder / "a.txt").items[0].fingerprint

    first = fingerprint()
    assert first is not None
    assert first.startswith(f"{folder}/a.txt ")
    assert fingerprint() == first
    (folder / "a.txt").write_text("A.TXT\n")
    os.utime(folder / "a.txt", ns=(1, 1))
    second = fingerprint()
    (folder / "a.txt").write_text("longer\n")
    os.utime(folder / "a.txt", ns=(1, 1))
    assert len({first, second, fingerprint()}) == 3


def test_the_same_file_may_be_named_twice(folder):
    assert names_in(sources_of([folder / "a.txt", folder / "a.txt"])) == ["a.txt"] * 2


def test_files_keep_their_order_but_those_of_a_set_which_has_none(folder):
    names = [str(folder / name) for name in ("b.txt", "c.md", "a.txt")]
    assert names_in(sources_of(names)) == ["b.txt", "c.md", "a.txt"]
    assert names_in(sources_of(tuple(names))) == ["b.txt", "c.md", "a.txt"]
    assert names_in(sources_of(set(names))) == ["a.txt", "b.txt", "c.md"]
    assert names_in(sources_of(frozenset(map(Path, names)))) == ["a.txt", "b.txt", "c.md"]


def test_with_whole_lines_no_block_ends_inside_a_line(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"sun and moon and stars\n" * (BLOCK_BYTES // 10))
    (source,) = sources_of(tmp_path / "a.txt").items
    ends = [block.text[block.size - 1 : block.size] for block in source.blocks(whole_lines=True)]
    assert len(ends) > 1
    assert set(ends) == {b"\n"}


def test_an_empty_file_is_an_error(tmp_path):
    (tmp_path / "empty").touch()
    assert refusal_of(tmp_path / "empty") == (
        f"{tmp_path}/empty is empty; there is no text to train on"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "{}: No such file or directory"),
        ("file/below", "{}: Not a directory"),
        ("x" * 300, "{}: File name too long"),
        ("nul\0", "{!r}: embedded null byte"),
        ("sun and moon", "{}: No such file or directory" + WRAP),
    ],
)
def test_a_missing_file_is_an_error_that_names_it_and_says_why(tmp_path, name, message):
    (tmp_path / "file").write_text("x")
    asked = str(tmp_path / name)
    assert refusal_of(asked) == message.format(asked)
    assert refusal_of([asked]) == message.format(asked)
    assert refusal_of(Path(asked)) == message.format(asked)


def test_a_long_text_in_place_of_a_name_is_cut_short():
    text = "sun and moon\n" * 1000
    assert refusal_of(text) == f"{text[:400]!r}: File name too long{WRAP}"


def test_a_file_that_may_not_be_read_is_an_error_that_names_it(folder, monkeypatch):
    sources = sources_of(folder / "a.txt")

    def refusing(*_: object) -> None:  # root may read anything
        raise PermissionError(13, "Permission denied", "a.txt")

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(CorpusError) as caught:
        blocks_in(sources)
    assert str(caught.value) == f"{folder}/a.txt: Permission denied"


def test_a_file_that_vanishes_is_an_error_that_names_it(folder):
    sources = sources_of(folder / "a.txt")
    (folder / "a.txt").unlink()
    with pytest.raises(CorpusError) as caught:
        blocks_in(sources)
    assert str(caught.value) == f"{folder}/a.txt: No such file or directory"


def changed(path: Path, now: bytes) -> str:
    """What is said of a file that is changed after its first block was read."""
    blocks = sources_of(path).items[0].blocks()
    with pytest.raises(CorpusError) as caught:  # noqa: PT012
        next(blocks)
        path.write_bytes(now)
        os.utime(path, ns=(1, 1))
        list(blocks)
    return str(caught.value)


def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path):
    before = b"sun " * BLOCK_BYTES
    for now in (before + b"moon", before.upper()):
        (tmp_path / "a.txt").write_bytes(before)
        assert changed(tmp_path / "a.txt", now) == (
            f"{tmp_path}/a.txt changed while it was read ({len(before):,} bytes, then "
            f"{len(now):,}); start again when nothing is writing to it, or use a copy"
        )


# Folders and patterns


def test_a_folder_is_read_with_all_below_it_but_what_is_hidden(folder):
    for corpus in (folder, str(folder), f"{folder}/", [folder]):
        sources = sources_of(corpus)
        assert names_in(sources) == ["a/b/c.txt", "a/z.txt", "a.txt", "b.txt", "c.md"]
        assert sources.hidden_files == 2


def test_a_hidden_folder_is_read_if_it_is_named(folder):
    sources = sources_of([folder / ".git", folder / ".hidden"])
    assert names_in(sources) == [".git/x.txt", ".hidden"]
    assert sources.hidden_files == 0


def test_an_empty_file_in_a_folder_is_fine(folder):
    (folder / "a.txt").write_text("")
    sources = sources_of(folder)
    assert len(sources.items) == 5
    assert "a.txt" not in names_in(sources)


def test_a_link_to_a_folder_is_followed_once(folder):
    (folder / "a/up").symlink_to(folder)
    (folder / "twin").symlink_to(folder / "a")
    assert sorted(names_in(sources_of(folder))) == sorted(
        ["a/b/c.txt", "a/z.txt", "a.txt", "b.txt", "c.md"]
    )


def test_a_folder_without_files_is_an_error(tmp_path):
    (tmp_path / "sub").mkdir()
    assert refusal_of(tmp_path) == f"{tmp_path} holds no files"
    (tmp_path / ".hidden").touch()
    assert refusal_of(tmp_path) == f"{tmp_path} holds no files but 1 hidden, which are skipped"


def test_a_link_that_leads_nowhere_is_an_error(folder):
    (folder / "a/gone").symlink_to(folder / "nowhere")
    assert refusal_of(folder) == f"{folder}/a/gone: No such file or directory"
    assert refusal_of(f"{folder}/a/*") == f"{folder}/a/gone: No such file or directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_in_a_folder_is_an_error_and_not_waited_for(folder):
    os.mkfifo(folder / "pipe")
    for corpus in (folder, f"{folder}/*"):
        assert refusal_of(corpus) == (
            f"{folder}/pipe is not a regular file; to read it anyway, name it explicitly"
        )


def test_a_folder_that_cannot_be_looked_into_is_an_error(folder, monkeypatch):
    def refusing(folder, onerror, followlinks):  # root may look anywhere
        onerror(PermissionError(13, "Permission denied", folder))

    monkeypatch.setattr(local.os, "walk", refusing)
    assert refusal_of(folder) == f"{folder}: Permission denied"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("?.txt", ["a.txt", "b.txt"]),
        ("[ac].*", ["a.txt", "c.md"]),
        ("*/*.txt", ["a/z.txt"]),
        ("**/*.txt", ["a/b/c.txt", "a/z.txt", "a.txt", "b.txt"]),
        ("**", ["a/b/c.txt", "a/z.txt", "a.txt", "b.txt", "c.md"]),
        ("*", ["a/b/c.txt", "a/z.txt", "a.txt", "b.txt", "c.md"]),
        ("a*", ["a/b/c.txt", "a/z.txt", "a.txt"]),
        (".*den", [".hidden"]),
    ],
)
def test_a_pattern_gives_the_files_that_it_matches_sorted(folder, pattern, names):
    assert names_in(sources_of(f"{folder}/{pattern}")) == names
    assert names_in(sources_of([f"{folder}/{pattern}", f"{folder}/c.md"])) == [*names, "c.md"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder):
    (folder / "[ab].txt").write_text("itself")
    assert names_in(sources_of(f"{folder}/[ab].txt")) == ["itself"]


def test_a_path_is_no_pattern(folder):
    assert refusal_of(folder / "*.txt") == f"{folder}/*.txt: No such file or directory"


def test_a_pattern_that_matches_nothing_is_an_error_that_repeats_it(folder):
    assert refusal_of(f"{folder}/*.xyz") == f"no file matches {folder}/*.xyz"
    assert refusal_of("how are you?") == f"no file matches how are you?{WRAP}"
