"""Every loop that reads vectors gets on, however little it reads at a time, to the same end."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helpers.folder_contents import forget_pairs
from helpers.mutations import fasttext_bytes, sample_vectors
from skipgram.vectors.formats import binary, fasttext, paired_files, tables, text
from skipgram.vectors.formats.assembling import ReadingOptions, gather
from skipgram.vectors.formats.byte_reader import BytesOfFile
from skipgram.vectors.formats.row_stream import RowStream
from skipgram.vectors.word_vectors import WordVectors

WHOLE_READ = 1 << 20

OF_BYTES: dict[str, Callable[[BytesOfFile, int], RowStream]] = {
    "vectors.bin": lambda file, size: binary.read(file, block_bytes=size),
    "vectors.txt": lambda file, size: text.read(file, has_header=True, block_bytes=size),
    "vectors.glove": lambda file, size: text.read(file, has_header=False, block_bytes=size),
    "vectors.tsv": lambda file, size: paired_files.read_projector(
        Path(file.name), file, block_bytes=size
    ),
    "fasttext.bin": lambda file, size: fasttext.read(file, "utf-8"),
}
OF_ROWS: dict[str, Callable[[Path, int], RowStream]] = {
    "vectors.npy": lambda path, size: paired_files.read_numpy(path, rows_at_once=size),
    "vectors.parquet": lambda path, size: tables.read(path, rows_at_once=size),
    "vectors.arrow": lambda path, size: tables.read(path, rows_at_once=size),
}
PACKERS = {"plain": bytes, "gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


def written(folder: Path, name: str) -> Path:
    """A file of ten words; the third is longer than a block or a read of one byte by far."""
    if name == "fasttext.bin":
        words = [f"word{number}" * (1 + 999 * (number == 2)) for number in range(10)]
        (folder / name).write_bytes(fasttext_bytes([word.encode() for word in words]))
    else:
        sample_vectors(dim=300).export(folder / name)
        forget_pairs(folder)  # one of the two may be packed
    return folder / name


def assert_same(found: WordVectors, expected: WordVectors) -> None:
    assert list(found.words) == list(expected.words)
    assert found.matrix.tobytes() == expected.matrix.tobytes()


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
@pytest.mark.parametrize("name", OF_BYTES)
@pytest.mark.parametrize(
    ("block_bytes", "read_bytes"), [(1, WHOLE_READ), (1, 1), (7, 5), (1 << 22, 1)]
)
def test_a_file_is_the_same_in_blocks_and_reads_of_a_byte(
    tmp_path, name, pack, block_bytes, read_bytes
):
    path = written(tmp_path, name)
    path.write_bytes(pack(path.read_bytes()))
    with BytesOfFile(path) as file:
        expected = gather(OF_BYTES[name](file, 1 << 22), ReadingOptions())
    with BytesOfFile(path, read_bytes=read_bytes) as file:
        found = gather(OF_BYTES[name](file, block_bytes), ReadingOptions())
    assert_same(found, expected)


@pytest.mark.parametrize("name", OF_ROWS)
def test_a_file_is_the_same_a_row_at_a_time(tmp_path, name):
    if name != "vectors.npy":
        pytest.importorskip("pyarrow")
    path = written(tmp_path, name)
    found, expected = (gather(OF_ROWS[name](path, size), ReadingOptions()) for size in (1, 1 << 12))
    assert_same(found, expected)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1024, 5000])
def test_what_is_looked_for_byte_by_byte_is_found_however_far_it_is(tmp_path, size):
    (tmp_path / "file").write_bytes(b"x" * size + b"\nrest")
    with BytesOfFile(tmp_path / "file", read_bytes=1) as file:
        assert file.until(b"\n", 1 << 16, "line") == b"x" * size
        assert file.exactly(4, "the rest") == b"rest"


def test_a_record_far_longer_than_a_block_is_read_in_time_that_grows_with_the_file(tmp_path):
    path, read = tmp_path / "long.bin", 0
    row = np.arange(2, dtype="<f4").tobytes()
    path.write_bytes(b"2 2\n" + b"".join(b"%c" % word * 60_000 + b" " + row for word in b"ab"))

    class Counting(BytesOfFile):
        def some(self, size: int | None = None) -> bytes:
            nonlocal read
            read += 1
            return super().some(size)

    with Counting(path, read_bytes=100) as file:
        blocks = list(binary.read(file, block_bytes=1).blocks)
    assert sum(map(len, (block.rows for block in blocks))) == 2
    assert len(blocks) < 40  # each twice as long as what was left over
    assert read < 1300
