"""The table for embedding-atlas: a row a word, with its place, its cluster and its neighbours."""

from functools import partial

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.grouped_vectors import QUICK, grouped_vectors
from skipgram.errors import SettingsError
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
