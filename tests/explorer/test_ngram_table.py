"""The table from which a page spells unknown words: its blocks, its errors, when it is left out."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.explorer_page import mapped, numbers_of, spelled_vectors
from helpers.grouped_vectors import grouped_vectors
from skipgram.explorer import data as data_module
from skipgram.explorer.data import PageData, likely_bytes, page_data
from skipgram.explorer.layout import ShownWords
from skipgram.explorer.page_file import page_pieces
from skipgram.spelling.ngrams import ngrams_of
from skipgram.vectors.subwords.spelling import Spelling

EASY = ("lamirotamix", "rotakéla", "𝒳𝒴𝒳𝒴𝒳", "xxlamixx", "suno", "padeçapadeça")


def data_of(vectors: skipgram.WordVectors, **options: Any) -> PageData:
    return page_data([mapped(ShownWords(vectors), "vectors")], "title", **options)


def table_of(data: PageData, number: int = 0) -> tuple[dict[str, int], np.ndarray]:
    """Each n-gram's row, and the rows as a page computes them."""
    told = data.about["sets"][number]["spelling"]
    ngrams = json.loads(numbers_of(data, told["ngrams"]).tobytes())
    steps = numbers_of(data, told["steps"])
    rows = numbers_of(data, told["rows"]).reshape(len(steps), -1)
    assert (rows.dtype, steps.dtype) == (np.int8, np.dtype("<f4"))
    return {ngram: row for row, ngram in enumerate(ngrams)}, rows * steps[:, None].astype(float)


def directions_agree(
    vectors: skipgram.WordVectors, data: PageData, word: str, exact: np.ndarray, number: int = 0
) -> None:
    """The sum of the page's rows is turned by no more than the table's docstring says."""
    rows, table = table_of(data, number)
    told = data.about["sets"][number]["spelling"]
    steps = numbers_of(data, told["steps"])
    spelling = vectors.speller
    assert isinstance(spelling, Spelling)
    used = [rows[ngram] for ngram in ngrams_of(word, spelling.lengths) if ngram in rows]
    total = table[used].sum(axis=0)
    sine = np.sqrt(len(total)) * steps[used].sum() / 2 / np.linalg.norm(total)
    cosine = total @ exact / np.linalg.norm(total) / np.linalg.norm(exact)
    assert np.arccos(min(1, cosine)) <= np.arcsin(sine) + 1e-6
    assert sine < 0.2, "the bound says something"


@pytest.mark.parametrize("word", EASY)
@pytest.mark.parametrize("precision", ["float32", "float16", "int8"])
def test_the_sum_of_a_words_rows_has_the_direction_of_its_vector(word, precision):
    vectors = spelled_vectors()
    if precision != "float32":
        vectors = vectors.compact(precision)
    directions_agree(vectors, data_of(vectors), word, vectors.vector(word))


def test_the_page_is_told_how_words_are_cut():
    told = data_of(spelled_vectors()).about["sets"][0]["spelling"]
    assert (told["by"], told["shortest"], told["longest"], told["lowers"]) == ("page", 3, 6, True)
    told = data_of(spelled_vectors(capital="Lamiro")).about["sets"][0]["spelling"]
    assert told["lowers"] is False


def test_a_second_sets_table_is_turned_as_its_rows_are():
    vectors = spelled_vectors()
    turn = np.linalg.qr(np.random.default_rng(4).standard_normal((16, 16)))[0]
    first, second = (mapped(ShownWords(vectors), name) for name in ("first", "second"))
    data = page_data([first, replace(second, rotation=turn)], "title")
    for word in EASY:
        directions_agree(vectors, data, word, vectors.vector(word) @ turn, number=1)


def test_a_served_page_leaves_spelling_to_its_server():
    data = data_of(spelled_vectors(), is_served=True)
    assert data.about["sets"][0]["spelling"] == {"by": "server"}
    assert not [block for block in data.blocks if "ngram" in block.name]


def test_vectors_that_cannot_spell_say_so():
    assert data_of(grouped_vectors()).about["sets"][0]["spelling"] is None
    of_center = spelled_vectors().with_spelling()
    spelling = of_center.subwords
    assert isinstance(spelling, Spelling)
    says_nothing = replace(of_center, subwords=replace(spelling, explained=0.001))
    assert data_of(says_nothing).about["sets"][0]["spelling"] is None


def test_vectors_that_are_shown_as_they_were_trained_spell_too():
    vectors = spelled_vectors().showing("center")
    directions_agree(vectors, data_of(vectors), EASY[0], vectors.vector(EASY[0]))


def test_a_table_that_is_too_large_is_left_out_and_one_that_fits_is_not(monkeypatch):
    vectors = spelled_vectors()
    data = data_of(vectors)
    assert data.more_bytes > 0
    needed = likely_bytes([ShownWords(vectors)]) + data.more_bytes
    monkeypatch.setattr(data_module, "MOST_BYTES", needed)
    assert data_of(vectors).about["sets"][0]["spelling"]["by"] == "page"
    monkeypatch.setattr(data_module, "MOST_BYTES", needed - 1)
    left_out = data_of(vectors)
    assert left_out.about["sets"][0]["spelling"] == {"by": "nobody"}
    assert left_out.more_bytes == 0


def test_the_tables_size_is_nearly_what_was_foreseen():
    vectors = spelled_vectors()
    data = data_of(vectors)
    alone = data_of(skipgram.WordVectors.from_arrays(vectors.words, vectors.matrix, vectors.counts))
    more = sum(map(len, page_pieces(data))) - sum(map(len, page_pieces(alone)))
    assert abs(more - data.more_bytes) < 0.02 * data.more_bytes + 500


def test_buckets_of_fasttext_are_no_table_for_a_page():
    from skipgram.vectors.subwords.subwords import Subwords

    plain = grouped_vectors()
    buckets = Subwords(np.ones((7, 8), np.float32), 3, 6)
    vectors = replace(plain, subwords=buckets)
    assert data_of(vectors).about["sets"][0]["spelling"] == {"by": "nobody"}
    assert data_of(vectors, is_served=True).about["sets"][0]["spelling"] == {"by": "server"}
