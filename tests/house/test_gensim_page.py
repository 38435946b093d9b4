"""The page for people who come from gensim: both columns of its tables give the same."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import vectors_of
from skipgram import settings
from skipgram.settings.elsewhere import setting_for

gensim = pytest.importorskip("gensim", reason="gensim, whose calls this compares, is not installed")

# Its reader of texts without a header leaves the file open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PAGE = (Path(__file__).parents[2] / "docs" / "gensim.md").read_text()
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)
DEFAULT = re.compile(
    r"^\| `(\w+)`(?: of `(\w+)`)? \| `([^`]+)`[^|]* \|(?: `(\w+)`)? \| (.*) \|$", re.MULTILINE
)


def rows(heading: str) -> list[tuple[str, str]]:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return ROW.findall(section)


def defaults() -> list[tuple[str, ...]]:
    return DEFAULT.findall(PAGE.partition("\n### Defaults\n")[2])


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


@pytest.mark.filterwarnings("ignore:1 of .* words cannot be compared:UserWarning")
@pytest.mark.parametrize(("theirs", "ours"), rows("Unknown words"))
def test_both_leave_the_same_words_out(theirs, ours):
    known = names()
    assert_same(eval(ours, known), eval(theirs, known))
    without = ours.replace(', "zebra"', "").replace(', unknown="skip"', "")
    assert_same(eval(ours, known), eval(without, known))


@pytest.mark.parametrize(
    "query", ['{}["zebra"]', '{}.most_similar("zebra")', '{}.distances("king", ["zebra"])']
)
def test_an_unknown_word_is_a_key_error_in_both(query):
    known = names()
    with pytest.raises(KeyError):
        eval(query.format("kv"), known)
    with pytest.raises(skipgram.UnknownWordError):
        eval(query.format("vectors"), known)


def test_unknown_words_of_a_test_set_are_left_out_by_both_unless_gensim_is_told_to_score_0(
    tmp_path,
):
    pairs = tmp_path / "pairs.tsv"
    ratings = "king\tqueen\t9\nking\tman\t1\nman\twoman\t8\nking\tw1\t4\nzebra\tqueen\t{}\n"
    known = names()
    pairs.write_text(ratings.format(10))
    found = skipgram.evaluate(known["vectors"], similarity=[pairs], analogies=()).similarity[0]
    _, spearman, share_unknown = known["kv"].evaluate_word_pairs(pairs)
    assert_close(found.correlation, spearman.statistic, FLOAT32)
    assert (found.pairs_known, found.pairs, share_unknown) == (4, 5, 20)
    _, spearman, _ = known["kv"].evaluate_word_pairs(pairs, dummy4unknown=True)
    assert abs(found.correlation - spearman.statistic) > 0.1


@pytest.mark.parametrize(("theirs", "of", "default", "ours", "here"), defaults())
def test_the_defaults_are_those(theirs, of, default, ours, here):
    kind = getattr(gensim.models, of or "Word2Vec")
    assert inspect.signature(kind).parameters[theirs].default == ast.literal_eval(default)
    if here.startswith("`"):
        told = ast.literal_eval(here.split("`")[1])
        if ours == "phrase_threshold":  # which depends on the score
            assert f"by default {told} for count" in settings.describe(ours)
        else:
            assert told == settings.default(ours)


def test_every_default_there_that_a_setting_here_takes_is_told():
    parameters = inspect.signature(gensim.models.Word2Vec).parameters
    told = {theirs for theirs, *_ in defaults()}
    assert {name for name in parameters if setting_for(name)} <= told


def test_the_page_has_these_tables():
    assert len(rows("Words")) >= 13
    assert len(rows("Queries")) >= 14
    assert len(rows("Unknown words")) >= 2
    assert len(defaults()) >= 14
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
