"""No file, however small and whatever it claims, takes more memory than what is unpacked of it."""

import bz2
import gzip
import importlib.util
import io
import lzma
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.little_memory import loaded_in_little_memory
from helpers.mutations import SAMPLES, fasttext_bytes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts such memory")

MB = 1 << 20
DIM = 1_000_000


class Hostile:
    """A file: its bytes, how many may be unpacked before it is refused, and what is said."""

    def __init__(self, content: Callable[[], bytes], unpacked: int, said: str, **options: Any):
        self.content, self.unpacked, self.said, self.options = content, unpacked, said, options


def packed(pack: Any, pieces: Iterator[bytes]) -> bytes:
    """Pieces packed one after the other, since all of them together may be gigabytes."""
    return b"".join([*map(pack.compress, pieces), pack.flush()])


def xz(*pieces: tuple[bytes, int]) -> bytes:
    pack = lzma.LZMACompressor(preset=0)
    return packed(pack, (piece for piece, times in pieces for _ in range(times)))


def zeros(times: int) -> tuple[bytes, int]:
    return b"0" * MB, times


def zst(content: bytes, times: int) -> bytes:
    zstandard = pytest.importorskip("zstandard")
    return packed(zstandard.ZstdCompressor(level=3).compressobj(), (content for _ in range(times)))


def sparse_head(dim: int) -> bytes:
    return b"word" + b" 0" * dim


def model(**changes: Any) -> bytes:
    words = [b"a", b"b"]
    return fasttext_bytes(words, **changes)


_NO_MATRIX = "the file ends inside whether the matrix is quantised"

HOSTILE = {
    "a million columns, then empty lines": Hostile(
        lambda: xz((sparse_head(DIM) + b"\n", 1), (b"\n" * MB, 40)),
        8 * MB,
        ":2: an empty line where a word and 1000000 numbers should be",
    ),
    "a million columns, then empty lines, unpacked": Hostile(
        lambda: sparse_head(DIM) + b"\n" + b"\n" * (16 * MB),
        8 * MB,
        ":2: an empty line where a word and 1000000 numbers should be",
    ),
    "two columns, then empty lines": Hostile(
        lambda: xz((b"a 1 2\n", 1), (b"\n" * MB, 64)), 8 * MB, ":2: an empty line"
    ),
    "a header of 10^9 numbers": Hostile(
        lambda: gzip.compress(b"2 1000000000\na 1\n"),
        MB,
        ":1: rows of 1,000,000,000 numbers; vectors of up to 1,048,576 are read",
        format="word2vec-text",
    ),
    "a header of 10^19 numbers": Hostile(
        lambda: gzip.compress(b"2 9999999999999999999\na 1\n"),
        MB,
        ":1: rows of 9,999,999,999,999,999,999 numbers",
        format="word2vec-text",
    ),
    "a header of 10^9 numbers, binary": Hostile(
        lambda: gzip.compress(b"2 1000000000\na " + bytes(40)),
        MB,
        ":1: rows of 1,000,000,000 numbers",
        format="word2vec-binary",
    ),
    "a header of a million numbers, binary": Hostile(
        lambda: gzip.compress(b"1000000000 1000000\na " + bytes(40)),
        MB,
        ", record 1: the file ends there, and its header promises 1,000,000,000 records",
    ),
    "a header of 10^18 rows": Hostile(
        lambda: gzip.compress(b"999999999999999999 2\na 1 2\n"), MB, " rows, but 1 are there"
    ),
    "a row of 512 MB": Hostile(
        lambda: xz((b"a 1 2\n", 1), (b"b 0", 1), zeros(512)),
        3 * MB,
        ", byte 6: a line of more than 65,792 bytes; this is not a text file of vectors",
    ),
    "a first row of 512 MB": Hostile(
        lambda: xz((b"b 0", 1), zeros(512)),
        129 * MB,
        ", byte 0: a line of more than 134,217,728 bytes",
    ),
    "a first row of 60 million numbers": Hostile(
        lambda: xz((b"b", 1), (b" 0" * MB, 60)), 129 * MB, ":1: rows of 1,048,577 numbers"
    ),
    "one endless line": Hostile(
        lambda: zst(b"a" * MB, 1024), 161 * MB, ", byte 0: a line of more than 134,217,728 bytes"
    ),
    "one word, again and again": Hostile(
        lambda: xz((b"a 1\n" * MB, 50)), 16 * MB, ":2: the word 'a' appears twice"
    ),
    "one word that is no UTF-8, again and again": Hostile(
        lambda: xz((b"\xe9 1\n" * MB, 4)), 16 * MB, r":2: the word '\\xe9' appears twice"
    ),
    "half a million words, again and again": Hostile(
        lambda: xz((b"".join(b"%x. 1\n" % number for number in range(MB // 2)), 5)),
        24 * MB,
        ":524289: the word '0.' appears twice",
    ),
    "wide rows, again and again": Hostile(
        lambda: xz((sparse_head(DIM) + b"\n", 100)), 48 * MB, ":2: the word 'word' appears twice"
    ),
    "an odd line of a million fields": Hostile(
        lambda: bz2.compress(sparse_head(DIM) + b"\nb" + b" 0" * (DIM - 1) + b" x\n"),
        4 * MB,
        ":2: number 1000000 of 1000000 is 'x', which is not a number",
    ),
    "a word of a million blanks": Hostile(
        lambda: xz((b"a 1\n", 1), (b"a " * MB, 60)), 3 * MB, "a line of more than 65,664 bytes"
    ),
    "empty entries of a dictionary": Hostile(
        lambda: gzip.compress(_with_empty_entries(300_000)), 3 * MB, _NO_MATRIX
    ),
    # Unpacked in one piece, of which no entry may copy the rest.
    "empty entries of a dictionary in one piece": Hostile(
        lambda: zst(_with_empty_entries(300_000), 1), 3 * MB, _NO_MATRIX
    ),
    "a model of 2 billion buckets": Hostile(
        lambda: gzip.compress(_with_buckets(2_000_000_000)),
        MB,
        ": the file ends inside the input matrix",
    ),
}


def table(words: Any, vectors: Any, **options: Any) -> bytes:
    """A Parquet file that unpacks to far more than it is."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.table({"word": words, "vector": vectors}), file, **options)
    return file.getvalue()


def lists_of_zeros(rows: int, dim: int) -> Any:
    import pyarrow as pa

    return pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(rows * dim, np.float32)), dim)


def one_long_word() -> bytes:
    """100 KB that stand in 100,000 rows."""
    import pyarrow as pa

    places = pa.array(np.zeros(100_000, np.int32))
    words = pa.DictionaryArray.from_arrays(places, pa.array(["w" * 100_000]))
    return table(words, lists_of_zeros(100_000, 2), store_schema=False)


def words_of(rows: int) -> Any:
    import pyarrow as pa

    return pa.array([f"w{row}" for row in range(rows)])


TABLES = {
    "one long word in 100,000 rows of Parquet": Hostile(
        one_long_word, 4 * MB, ", row 2: the word 'www"
    ),
    "a row of 50 million zeros in Parquet": Hostile(
        lambda: table(words_of(1), lists_of_zeros(1, 50 * MB)), MB, ": rows of 52,428,800 numbers"
    ),
    "wide rows of Parquet for words that repeat": Hostile(
        lambda: table(words_of(2).take([0, 1] * 20), lists_of_zeros(40, MB)),
        16 * MB,
        ", row 3: the word 'w0' appears twice",
    ),
}


def _with_empty_entries(entries: int) -> bytes:
    """The beginning of a model whose words are all empty."""
    sizes = struct.pack("<3iqq", entries, entries, 0, 9, -1)
    return model()[: struct.calcsize("<2i12id")] + sizes + bytes(9 + 1) * entries


def _with_buckets(buckets: int) -> bytes:
    """A model that claims so many, and has two."""
    raw = bytearray(model(buckets=2))
    raw[8 + 4 * 8 : 8 + 4 * 9] = struct.pack("<i", buckets)
    return bytes(raw).replace(struct.pack("<2q", 4, 3), struct.pack("<2q", 2 + buckets, 3), 1)


QUICK = (
    "a million columns, then empty lines",
    "a header of 10^9 numbers",
    "a first row of 60 million numbers",
    "one word, again and again",
    "one long word in 100,000 rows of Parquet",
)


def outcomes(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """What became of some of them, in one process."""
    has_tables = importlib.util.find_spec("pyarrow") is not None
    warm = []
    tables = ("parquet", "arrow") if has_tables else ()
    for name in ("word2vec-text", "word2vec-binary", "glove", "fasttext", *tables):
        place = folder / name
        place.mkdir()
        for file, content in SAMPLES[name](place).items():
            (place / file).write_bytes(content)
            warm.append(place / file)
    cases = {}
    for number, name in enumerate(names):
        if name in HOSTILE or has_tables:
            hostile = (HOSTILE | TABLES)[name]
            file = folder / f"hostile{number}"
            file.write_bytes(hostile.content())
            cases[name] = (file, hostile.options, hostile.unpacked)
    return loaded_in_little_memory(warm, cases)


def test_a_few_hostile_files_are_refused_in_memory_that_grows_with_what_is_unpacked(tmp_path):
    for name, told in outcomes(tmp_path, QUICK).items():
        assert (HOSTILE | TABLES)[name].said in told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return outcomes(tmp_path_factory.mktemp("hostile"), HOSTILE | TABLES)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE | TABLES)
def test_a_hostile_file_is_refused_in_memory_that_grows_with_what_is_unpacked(told, name):
    if name not in told:
        pytest.skip("pyarrow, which reads tables, is not installed")
    assert (HOSTILE | TABLES)[name].said in told[name]
    assert "\n" not in told[name]


def test_this_limit_can_be_felt(tmp_path):
    rows = b"".join(b"%x " % number + b" 0.5" * 50 + b"\n" for number in range(100_000))
    (tmp_path / "v.txt").write_bytes(rows)
    whole = tmp_path / "v.txt", {}, len(rows)
    none = tmp_path / "v.txt", {}, -60 * MB // 4
    told = loaded_in_little_memory([tmp_path / "v.txt"], {"none": none, "whole": whole})
    assert told["whole"] == "100000 words"
    assert told["none"] == f"{tmp_path}/v.txt needs more memory than there is"
