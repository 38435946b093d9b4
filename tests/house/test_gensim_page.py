"""The page for people who come from gensim: both columns of its tables give the same."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import vectors_of

gensim = pytest.importorskip("gensim", reason="gensim, whose calls this compares, is not installed")

# Its reader of texts without a header leaves the file open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PAGE = (Path(__file__).parents[2] / "docs" / "gensim.md").read_text()
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)


def rows(heading: str) -> list[tuple[str, str]]:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return ROW.findall(section)


def names() -> dict[str, Any]:
    random = np.random.default_rng(2)
    words = ["king", "queen", "man", "woman", *(f"w{number}" for number in range(60))]
    vectors = vectors_of(dict(zip(words, random.standard_normal((64, 8)), strict=True)))
    from gensim.models import KeyedVectors
    from gensim.models.fasttext import load_facebook_vectors

    return {
        "vectors": vectors,
        "kv": vectors.to_gensim(),
        "skipgram": skipgram,
        "KeyedVectors": KeyedVectors,
        "load_facebook_vectors": load_facebook_vectors,
    }


def assert_same(ours: Any, theirs: Any) -> None:
    if isinstance(ours, list) and ours and isinstance(ours[0], tuple):
        assert [word for word, _ in ours] == [word for word, _ in theirs]
        assert_close([number for _, number in ours], [number for _, number in theirs], FLOAT32)
    elif isinstance(ours, str | bool) or (isinstance(ours, list) and isinstance(ours[0], str)):
        assert ours == theirs
    else:
        assert_close(ours, theirs, FLOAT32)


@pytest.mark.parametrize(("theirs", "ours"), [*rows("Words"), *rows("Queries")])
def test_both_columns_give_the_same(theirs, ours):
    known = names()
    assert_same(eval(ours, known), eval(theirs, known))


def test_the_page_has_these_tables():
    assert len(rows("Words")) >= 13
    assert len(rows("Queries")) >= 14
    assert len(rows("Vectors that you have")) >= 9


@pytest.mark.parametrize(("theirs", "ours"), rows("Vectors that you have"))
def test_both_read_and_write_the_same_files(theirs, ours, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = names()
    for name in ("v.txt", "v.bin", "v.glove", "v.txt.gz"):
        known["vectors"].export(name)
    data = Path(gensim.__file__).parent / "test" / "test_data" / "lee_fasttext.bin"
    (tmp_path / "model.bin").write_bytes(data.read_bytes())
    known["vectors"].save("my-vectors")
    known["kv"].save("my.kv")
    found, expected = eval(ours, known), eval(theirs, known)
    if found is not None:
        assert list(found.words) == expected.index_to_key
        assert_close(found.matrix, expected.vectors, FLOAT32)
