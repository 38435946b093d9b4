"""The table for embedding-atlas: a row a word, with its place, its cluster and its neighbours."""

from functools import partial

import numpy as np
import pytest

import skipgram
from helpers.command_line import run
from helpers.comparison import FLOAT32, assert_close
from helpers.grouped_vectors import QUICK, grouped_vectors
from skipgram.errors import SettingsError
from skipgram.explorer.layout_file import OWN
from skipgram.explorer.preparing import given_sets, mapped_sets
from skipgram.pipeline import exploring

pytest.importorskip("openTSNE")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(autouse=True)
def quick_maps(monkeypatch):
    monkeypatch.setattr(exploring, "mapped_sets", partial(mapped_sets, settings=QUICK))


def test_a_table_has_the_map_and_the_neighbours(tmp_path):
    vectors = grouped_vectors(words=120)
    rows = vectors.matrix.copy()
    rows[5] = 0
    vectors = skipgram.WordVectors.from_arrays(vectors.words, rows, vectors.counts)
    colors = {"kind": {"w1": "a"}, "x": {"w2": 2.5}}
    file = skipgram.explore(vectors, output=tmp_path / "words.parquet", colors=colors)
    table = parquet.read_table(file).to_pydict()
    (mapped,) = mapped_sets(given_sets(vectors, None, None), settings=QUICK)
    assert table["word"] == list(vectors.words)
    assert table["count"] == vectors.counts.tolist()
    assert_close(np.stack([table["x"], table["y"]], axis=1), mapped.layout.places, FLOAT32)
    assert table["cluster"][5] is None
    assert all(len(name.split(", ")) == 3 for name in table["cluster"] if name)
    assert table["kind"][:3] == [None, "a", None]
    assert table["x (yours)"][1:4] == [None, 2.5, None]
    assert table["neighbors"][5] == {"ids": [], "distances": []}
    for row in (0, 44, 119):
        expected = vectors.most_similar(f"w{row}", k=15)
        found = table["neighbors"][row]
        assert [table["word"][number] for number in found["ids"]] == [
            near.word for near in expected
        ]
        assert_close(found["distances"], [1 - near.similarity for near in expected], FLOAT32)


def test_only_words_of_the_table_are_neighbours(tmp_path):
    words = [f"w{number}" for number in range(30)]
    rows = np.random.default_rng(1).standard_normal((30, 4))
    vectors = skipgram.WordVectors.from_arrays(words, rows, range(30))  # the last is most frequent
    file = skipgram.explore(vectors, output=tmp_path / "words.parquet", first_words=10)
    table = parquet.read_table(file).to_pydict()
    assert table["word"] == words[:19:-1]
    for row, found in enumerate(table["neighbors"]):
        assert sorted([*found["ids"], row]) == list(range(10))


def test_a_table_of_two_sets_is_refused(tmp_path):
    vectors = grouped_vectors(words=20)
    with pytest.raises(SettingsError, match="has one set of vectors; leave out other"):
        skipgram.explore(vectors, vectors, tmp_path / "words.parquet")


def test_converting_writes_the_same_table_and_a_native_folder_keeps_the_map(
    tmp_path, monkeypatch, capsys
):
    vectors = grouped_vectors(words=40)
    vectors.save(tmp_path / "vectors")
    vectors.export(tmp_path / "vectors.bin")
    for source in ("vectors", "vectors.bin"):
        file = tmp_path / f"of-{source}.parquet"
        assert run(monkeypatch, "convert", tmp_path / source, file, "--to", "atlas") == 0
        said = capsys.readouterr().err
        told = f"embedding-atlas --text word --x x --y y --neighbors neighbors {file}\n"
        assert said.endswith(told)
        written = skipgram.explore(tmp_path / source, output=tmp_path / "words.parquet")
        assert parquet.read_table(file).equals(parquet.read_table(written))
        written.unlink()
    assert (tmp_path / "vectors" / OWN).is_file()
    assert {"count", "neighbors"} <= set(parquet.read_schema(tmp_path / "of-vectors.parquet").names)


def test_converting_reads_the_file_as_it_is_told(tmp_path, monkeypatch):
    made = grouped_vectors(words=20)
    words = ["é", *made.words[1:]]
    skipgram.WordVectors.from_arrays(words, made.matrix).export(tmp_path / "v.txt")
    raw = (tmp_path / "v.txt").read_bytes().decode().encode("latin-1")
    (tmp_path / "v.txt").write_bytes(raw)
    given = ["--to", "atlas", "--encoding", "latin-1", "--from", "word2vec-text", "--quiet"]
    assert run(monkeypatch, "convert", tmp_path / "v.txt", tmp_path / "a.parquet", *given) == 0
    assert parquet.read_table(tmp_path / "a.parquet")["word"].to_pylist() == words


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (["atlas.tsv"], 2, "is a Parquet file; {tmp}/atlas.tsv does not end in .parquet"),
        (["taken.parquet"], 1, "{tmp}/taken.parquet already exists"),
        (["a.parquet", "--precision", "int8"], 2, "--precision is for the native folder only"),
        (["vectors/a.parquet"], 2, "is inside {tmp}/vectors, which is an input folder"),
    ],
)
def test_a_table_that_cannot_be_written_is_told_before_the_map_is_made(
    tmp_path, monkeypatch, capsys, given, code, told
):
    grouped_vectors(words=20).save(tmp_path / "vectors")
    (tmp_path / "taken.parquet").write_text("")
    target, *options = given
    arguments = [tmp_path / "vectors", tmp_path / target, "--to", "atlas", *options]
    assert run(monkeypatch, "convert", *arguments) == code
    assert told.format(tmp=tmp_path) in capsys.readouterr().err
    assert not (tmp_path / "vectors" / OWN).exists()


def test_without_the_word_a_parquet_file_holds_the_vectors(tmp_path, monkeypatch):
    grouped_vectors(words=20).save(tmp_path / "vectors")
    assert run(monkeypatch, "convert", tmp_path / "vectors", tmp_path / "v.parquet", "-q") == 0
    assert parquet.read_schema(tmp_path / "v.parquet").names == ["word", "count", "vector"]
