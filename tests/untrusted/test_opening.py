"""The door: what a path names is read if it has an end, and refused in one line otherwise."""

import bz2
import gzip
import lzma
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from skipgram.errors import FormatError, SettingsError
from skipgram.untrusted.opening import (
    library_errors,
    map_numbers,
    open_regular,
    read_json,
    read_lines,
    read_whole,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "file"
    found.write_bytes(b"content")
    return found


def readers():
    yield open_regular
    yield lambda path: read_whole(path, "a list")
    yield lambda path: read_lines(path, "a list")
    yield lambda path: read_json(path, "a settings file")
    yield lambda path: map_numbers(path, "<i4", (1,))


def test_the_bytes_of_a_regular_file_are_read(file):
    with open_regular(file) as opened:
        assert opened.read() == b"content"
    assert read_whole(file, "a list") == b"content"


@pytest.mark.parametrize("read", readers())
def test_nothing_waits_at_a_named_pipe_that_nobody_writes_to(tmp_path, read):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FormatError, match=f"^{re.escape(str(pipe))} is a named pipe, not"):
        read(pipe)


@pytest.mark.parametrize("read", readers())
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/null"])
def test_a_device_is_refused(read, device):
    with pytest.raises(FormatError, match=f"^{device} is a device, not a regular file$"):
        read(Path(device))


@pytest.mark.parametrize("read", readers())
def test_a_folder_a_socket_and_nothing_are_refused(tmp_path, monkeypatch, read):
    with pytest.raises(FormatError, match=r"is a folder, not a regular file$"):
        read(tmp_path)
    with pytest.raises(FormatError, match=r"none does not exist$"):
        read(tmp_path / "none")
    with pytest.raises(FormatError, match=r"cannot be read: "):
        read(Path("a\0b"))
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        with pytest.raises(FormatError, match=r"^socket is a socket, not a regular file$"):
            read(Path("socket"))


def test_a_link_leads_where_it_leads(tmp_path, file):
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "endless").symlink_to("/dev/zero")
    assert read_whole(tmp_path / "link", "a list") == b"content"
    with pytest.raises(FormatError, match="endless is a device"):
        read_whole(tmp_path / "endless", "a list")


def test_a_shells_pipe_is_read_where_it_makes_sense():
    code = """
import sys
from pathlib import Path
from skipgram.untrusted.opening import open_regular, read_lines
print(read_lines(Path(sys.argv[1]), "a list"))
open_regular(Path(sys.argv[1]))
"""
    ended = subprocess.run(
        ["bash", "-c", f'{sys.executable} -c "$0" <(sleep .1; printf "a b\\r\\nc\\n")', code],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.stdout == "['a b', 'c']\n"
    assert ended.stderr.rstrip().endswith("is a named pipe, not a regular file")


def test_no_more_is_read_than_such_a_file_may_have(tmp_path):
    file = tmp_path / "large"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)  # no disk has as much; it is all one hole
    with pytest.raises(FormatError, match=r"large has more than 3 MB, too many for a list$"):
        read_whole(file, "a list", most_bytes=3 << 20)


def test_lines_are_divided_by_line_feeds_or_without_any_as_on_old_macs(file):
    file.write_bytes("\ufeffa\u2028b\r\nc\x0bd\n\ne".encode())
    assert read_lines(file, "a list") == ["a\u2028b", "c\x0bd", "", "e"]
    file.write_bytes(b"")
    assert read_lines(file, "a list") == []
    file.write_bytes(b"a\nb\xe9\n")
    with pytest.raises(FormatError, match=r"file:2: byte 3 is not UTF-8 \("):
        read_lines(file, "a list")
    file.write_bytes(b"a b\rc\r\rd\r")
    assert read_lines(file, "a list") == ["a b", "c", "", "d"]
    file.write_bytes(b"a\rb\nc\r\n")
    assert read_lines(file, "a list") == ["a\rb", "c"]
    file.write_bytes(b"a\rb\rc\xe9\r")
    with pytest.raises(FormatError, match=r"file:3: byte 5 is not UTF-8 \("):
        read_lines(file, "a list")


@pytest.mark.parametrize(
    ("packed", "kind", "tool"),
    [
        (gzip.compress(b"a b 1"), "gzip", "gunzip"),
        (bz2.compress(b"a b 1"), "bzip2", "bunzip2"),
        (lzma.compress(b"a b 1"), "xz", "unxz"),
        (b"\x28\xb5\x2f\xfd\x04\x00", "Zstandard", "unzstd"),
    ],
    ids=["gzip", "bzip2", "xz", "Zstandard"],  # packed bytes hold the time, and differ by process
)
def test_a_compressed_list_is_to_be_unpacked_first(file, packed, kind, tool):
    file.write_bytes(packed)
    with pytest.raises(FormatError) as refused:
        read_lines(file, "a list")
    expected = f"{file} is compressed ({kind}): a list should be plain text; unpack it first"
    assert str(refused.value) == f"{expected} ({tool})"


def test_a_text_may_begin_as_some_compressed_files_do(file):
    file.write_bytes(b"BZh is no word\n")
    assert read_lines(file, "a list") == ["BZh is no word"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"1", b"{", b"[" * 100_000, b"\xff", b'{"a": ' + b"9" * 10_000 + b"}"]
)
def test_only_names_and_values_are_settings(file, content):
    file.write_bytes(content)
    with pytest.raises(FormatError, match="file is not a settings file: ") as refused:
        read_json(file, "a settings file")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500
    file.write_bytes(b'{"a": 1}')
    assert read_json(file, "a settings file") == {"a": 1}


def test_numbers_are_mapped_where_they_lie(tmp_path):
    file = tmp_path / "numbers"
    file.write_bytes(b"x" + np.arange(6, dtype="<i4").tobytes())
    found = map_numbers(file, "<i4", (2, 3), offset=1)
    assert found.tolist() == [[0, 1, 2], [3, 4, 5]]
    found[0, 0] = 9
    assert map_numbers(file, "<i4", (1,), offset=1).tolist() == [0]
    assert map_numbers(file, "<i4", (0, 3)).shape == (0, 3)


@pytest.mark.parametrize(
    ("shape", "offset"),
    [((7,), 0), ((2**62, 2**62), 0), ((2**40,), 0), ((-1,), 0), ((1,), -4), ((1,), 2**63)],
)
def test_no_more_numbers_are_mapped_than_there_are(tmp_path, shape, offset):
    file = tmp_path / "numbers"
    file.write_bytes(b"x" * 24)
    with pytest.raises(FormatError, match="has 24 bytes where "):
        map_numbers(file, "<i4", shape, offset=offset)


@pytest.mark.parametrize(
    "raised",
    [RuntimeError("a\nb"), MemoryError(), KeyError("x"), OSError(5, "I/O error"), OverflowError()],
)
def test_whatever_a_library_raises_is_one_line_that_names_the_file(file, raised):
    with (
        pytest.raises(FormatError, match=f"^{re.escape(str(file))} ") as refused,
        library_errors(file),
    ):
        raise raised
    assert "\n" not in str(refused.value)


def test_an_error_of_ours_and_an_interrupt_pass_the_door(file):
    with pytest.raises(SettingsError, match=r"^ours$"), library_errors(file):
        raise SettingsError("ours")
    with pytest.raises(KeyboardInterrupt), library_errors(file):
        raise KeyboardInterrupt
