"""Files that hold neither text nor vectors are known by their beginning, and never trained on."""

import bz2
import gzip
import io
import pickle
import pickletools
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as safetensors

import skipgram
from helpers.corpora import refusal_of
from skipgram.corpus.sources.file_kinds import file_kind, other_than_text
from skipgram.errors import FormatError

TEXT = b"the sun and the moon\n" * 100


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, TEXT)
    return file.getvalue()


def tarred(mode: str = "w", **options: int) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode, **options) as archive:
        member = tarfile.TarInfo("text8")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    return file.getvalue()


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table texts (text)")
        return connection.serialize()


def orc(compression: str) -> bytes:
    file = io.BytesIO()
    pyarrow_orc = pytest.importorskip("pyarrow.orc")
    table = pyarrow.table({"text": ["the sun and the moon"] * 50})
    pyarrow_orc.write_table(table, file, compression=compression)
    return file.getvalue()


def word2vec(dim: int) -> bytes:
    """As word2vec.c -binary 1 writes it."""
    rows = (np.random.default_rng(3).random((2, dim), np.float32) - 0.5) / dim
    lines = [
        f"{word} ".encode() + row.tobytes() + b"\n" for word, row in zip("ab", rows, strict=True)
    ]
    return f"2 {dim}\n".encode() + b"".join(lines)


TEXT_OF = "not text; give the text that the vectors were trained on"
UNZIP = "unzip it, and give the file inside"
UNTAR = "unpack it (tar -xf), and give the file inside"
EXPORT = "export its text from the program that wrote it"
TO_CSV = "export the table as CSV, and name its column (column=NAME)"
PATTERN = "name only the text files, or use a pattern ('books/*.txt')"
AS_TEXT = "write what it holds as text"

FILES = {
    "text8.zip": (zipped("text8"), f"a zip archive, not text; {UNZIP}"),
    "empty.zip": (zipped(), f"a zip archive, not text; {UNZIP}"),
    "a.tar": (tarred(), f"a tar archive, not text; {UNTAR}"),
    "gnu.tar": (tarred(format=tarfile.GNU_FORMAT), f"a tar archive, not text; {UNTAR}"),
    "a.tar.gz": (tarred("w:gz"), f"a tar archive, not text; {UNTAR}"),
    "a.tar.xz": (tarred("w:xz"), f"a tar archive, not text; {UNTAR}"),
    "a.pickle": (pickle.dumps(["text"]), f"a pickle, not text; {AS_TEXT}"),
    "model.pt": (zipped("model/data.pkl"), f"a PyTorch file, not text; {AS_TEXT}"),
    "a.docx": (
        zipped("[Content_Types].xml", "word/document.xml"),
        f"an Office document, not text; {EXPORT}; of a spreadsheet, {TO_CSV}",
    ),
    "a.epub": (zipped("mimetype"), f"an OpenDocument or EPUB file, not text; {EXPORT}"),
    "a.doc": (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504),
        f"an old Office document, not text; {EXPORT}",
    ),
    "a.pdf": (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        "a PDF document, not text; extract its text (pdftotext)",
    ),
    "a.rtf": (b"{\\rtf1\\ansi sun}", f"a rich text document (RTF), not text; {EXPORT}"),
    "a.npy": (
        saved(lambda file: np.save(file, np.zeros(9))),
        "a NumPy array, not text; write it as text, or give an array of texts from Python "
        "(skipgram.Texts)",
    ),
    "a.npz": (
        saved(lambda file: np.savez(file, np.zeros(9))),
        "a NumPy archive (.npz), not text; save the array you want (numpy.save)",
    ),
    "a.db": (database(), f"an SQLite database, not text; {TO_CSV}"),
    "a.safetensors": (
        safetensors({"a": np.zeros(9)}),
        "a safetensors file, not text; `skipgram vocabulary` alone takes a saved vocabulary, and "
        "not from a pipe",
    ),
    "list.pickle": (pickle.dumps(["a b", "c"] * 9, 0), f"a pickle, not text; {AS_TEXT}"),
    "long.pickle": (pickle.dumps(["x" * 1000, "y" * 1000], 0), f"a pickle, not text; {AS_TEXT}"),
    "dict.pickle": (pickle.dumps({"a": [1.5]}, 1), f"a pickle, not text; {AS_TEXT}"),
    "array.pickle": (pickle.dumps(np.arange(3), 0), f"a pickle, not text; {AS_TEXT}"),
    "empty.pickle": (pickle.dumps([], 0), f"a pickle, not text; {AS_TEXT}"),
    "plain.orc": (orc("uncompressed"), "an ORC file, not text; write it as Parquet"),
    "zlib.orc": (orc("zlib"), "an ORC file, not text; write it as Parquet"),
    "zstd.orc": (orc("zstd"), "an ORC file, not text; write it as Parquet"),
    "vectors.bin": (word2vec(50), f"a file of word2vec vectors (binary), {TEXT_OF}"),
    "short.bin": (word2vec(4), f"a file of word2vec vectors (binary), {TEXT_OF}"),
    "fasttext.bin": ((793712314).to_bytes(4, "little") + bytes(99), f"a fastText model, {TEXT_OF}"),
    "a.png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", f"a PNG image, not text; {PATTERN}"),
}
files = pytest.mark.parametrize(("name", "content", "told"), [(n, *of) for n, of in FILES.items()])


@files
def test_a_file_of_another_kind_is_refused_as_a_corpus_with_the_way_out(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    for column in ("", "text"):
        assert refusal_of(tmp_path / name, column) == f"{tmp_path / name} is {told}"
    assert refusal_of(tmp_path) == f"{tmp_path / name} is {told}", "in a folder as well"


def test_a_name_does_not_make_a_table_of_an_archive(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_bytes(zipped("reviews.csv"))
    for column in ("", "text"):
        assert "is a zip archive, not text" in refusal_of(tmp_path / "reviews.csv", column)


def vectors_refusal(file: Path) -> str:
    with pytest.raises(FormatError) as caught:
        skipgram.load(file)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("text8.zip", f"is a zip archive, not vectors; {UNZIP}"),
        ("a.tar.gz", f"is a tar archive, not vectors; {UNTAR}"),
        ("a.npz", "is a NumPy archive (.npz), not vectors; save the array you want (numpy.save)"),
        ("model.pt", "is a PyTorch file, as gensim's and torch's own files are"),
        ("a.db", "is an SQLite database, not vectors; give a file of one of these formats: native"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_vectors(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / name).write_bytes(FILES[name][0])
    assert vectors_refusal(tmp_path / name).startswith(f"{tmp_path / name} {told}")


ALIKE = "PK BZ BZh9 7z Rar! LZIP %PDF %PDF-1.7 {\\rtf FEA1 Obj GGUF ORC1 GIF89a RIFF ustar PAR MZ"
alike = st.sampled_from([*ALIKE.split(), "SQLite format 3", "RIFF size WEBP"])
plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=600)


@settings(deadline=None, max_examples=100)
@given(start=alike, rest=plain)
def test_a_text_that_only_begins_alike_is_a_text(start: str, rest: str) -> None:
    assert file_kind(f"{start} {rest}".encode()) is None


@pytest.mark.parametrize("start", ["PK", "BZh", "BZh9 1AY", "GIF89a is ü", "Rar!", "%PDF-1.7 is"])
def test_such_a_text_is_read(start: str, tmp_path: Path) -> None:
    file = tmp_path / "text"
    for pack in (bytes, gzip.compress, bz2.compress):
        file.write_bytes(pack(f"{start} a b a b\n".encode()))
        assert skipgram.count_words(file).total == len(start.split()) + 4


LIKE_PICKLES = [
    b"(lp0 is how old pickles begin\nand so on\n",
    b"(lp0\nhello world\n",
    b"(lp0\n",
    b"(lp0\nVery long lines " + b"and words " * 999,
    b"(dp0\nVienna\nparis\n" * 300,
    b"cats\nare\np\n",
    b"Vienna\nVienna\n" * 400,
    b"Ships\nIslands\nLakes\n",
    b"NNNN))))]]]]}}}}" * 300,
    b"The sun\n",
    b"X\n",
    b"(",
    b"c",
    b"I5\n.",
    b"ORCHIDS are flowers\n",
]


@pytest.mark.parametrize("text", LIKE_PICKLES)
def test_a_text_that_begins_as_an_old_pickle_is_a_text(text: bytes) -> None:
    assert other_than_text(text[:4096]) is None


@settings(deadline=None, max_examples=200)
@given(
    header=st.sampled_from(["2 4", "3 50", "71290 200", " 9 9 "]),
    word=plain,
    text=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.just(" "), min_size=9
    ),
    encoding=st.sampled_from(["utf-8", "latin-1"]),
)
def test_a_text_with_a_header_of_two_numbers_is_a_text(
    header: str, word: str, text: str, encoding: str
) -> None:
    prose = " the stars and the moon " * 20
    content = f"{header}\n{word} {prose}{text}".encode(encoding, "replace")
    kind = other_than_text(content[:4096])
    assert kind is None or "\0" in text


@settings(deadline=None, max_examples=100)
@given(start=st.sampled_from("(]})cVSXUTINp\n"), rest=st.text("(ldp0123\n.aV sI)tN", max_size=60))
def test_nothing_but_a_whole_old_pickle_is_one(start: str, rest: str) -> None:
    content = (start + rest).encode()
    if other_than_text(content) is not None:
        names = [step.name for step, _, _ in pickletools.genops(content)]
        assert names[-1] == "STOP"
        assert {"PUT", "BINPUT"} & set(names)
