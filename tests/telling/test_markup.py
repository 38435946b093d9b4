"""Objects in a notebook: whatever words they hold, nothing but text; and a page's own colours."""

import re

import numpy as np
import pytest

import skipgram
from helpers.encoding_twin import encoded
from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.evaluation.report import evaluate
from skipgram.telling.markup import Markup, bar, paragraphs, side_by_side, table, told, track
from skipgram.vectors.changes import Change, Changes

HOSTILE = "<script>alert('x')</script>"
WORDS = [HOSTILE, "a\u202eb", "&amp;", "'\"quoted\"'", "plain"]
TAGS = {"table", "thead", "tbody", "tr", "th", "td", "p", "div"}
PAGES = (
    "vectors",
    "read vectors",
    "vocabulary",
    "corpus",
    "neighbors",
    "alignment",
    "changes",
    "report",
    "association",
    "relational association",
)
VECTORS = vectors_of({word: [number + 1.0, 1.0] for number, word in enumerate(WORDS)})


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    corpus = encoded(" ".join(WORDS).encode() * 3)
    alignment = skipgram.align(VECTORS, VECTORS)
    named = vectors_of({HOSTILE: [1, 0], "b": [0, 1]}, about={"read": {HOSTILE: HOSTILE}})
    similarity = evaluate(random_vectors(1, vocab_size=9, embedding_dim=3))
    eight = [f"{HOSTILE}{number}" for number in range(8)]
    eight_vectors = vectors_of({word: [number, 8 - number**2] for number, word in enumerate(eight)})
    targets, attributes = (eight[:2], [*eight[2:4], HOSTILE]), (eight[4:6], eight[6:])
    pairs = [(eight[0], eight[1]), (eight[0], HOSTILE)]
    relational = skipgram.relational_association(eight_vectors, [*eight, HOSTILE], pairs)
    objects = (
        VECTORS,
        named,
        VECTORS.vocabulary,
        corpus,
        VECTORS.most_similar("plain"),
        alignment,
        alignment.changes(),
        similarity,
        skipgram.association(eight_vectors, targets, attributes),
        relational,
    )
    return {name: shown._repr_html_() for name, shown in zip(PAGES, objects, strict=True)}


@pytest.mark.parametrize("name", PAGES)
def test_no_object_shows_a_word_as_markup_or_in_a_colour_of_its_own(pages, name):
    page = pages[name]
    assert "<script" not in page.lower()
    assert "&amp;lt;" not in page, "escaped twice"
    assert set(re.findall(r"<(\w+)", page)) <= {
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "p",
        "div",
    }
    assert not re.search(r"(?<!current)color|#[0-9a-f]{3}|rgb", page, re.IGNORECASE)
    assert re.search(r"\w", re.sub(r"<[^>]*>", "", page)), "an empty page"


@pytest.mark.parametrize("name", PAGES)
def test_every_tag_is_closed(pages, name):
    page = pages[name]
    for tag in set(re.findall(r"<(\w+)", page)):
        assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>")


def test_vectors_tell_their_size_their_precision_and_their_most_frequent_words():
    vectors = random_vectors(1, vocab_size=60, embedding_dim=3).compact("int8")
    page = vectors._repr_html_()
    assert "WordVectors: 60 words × 3 numbers, int8, shown: center" in page
    assert page.count("<tr>") == 11
    assert re.search(r"w0</td><td[^>]*>60</td>", page)
    assert "and 50 more words" in page


def test_vectors_tell_where_they_come_from():
    text = skipgram.Texts(["sun moon star sea\n"] * 60)
    vectors = skipgram.train(text, embedding_dim=4, min_count=1, subsample=0, threads=1, epochs=2)
    loss = vectors.about["epochs"][-1]["loss"]
    assert (
        f"trained on 240 words by negative-sampling, 2 epochs, loss {loss:.3f} nats a pair"
        in vectors._repr_html_()
    )


@pytest.mark.parametrize(
    "about",
    [{"corpus": 3}, {"corpus": {}, "read": 7}, {"corpus": {"kept_tokens": "x"}}, {"read": []}],
)
def test_an_origin_in_another_form_is_left_out(about):
    page = vectors_of({"a": [1, 0], "b": [0, 1]}, about=about)._repr_html_()
    assert page.count("<p ") == 1


def test_vectors_without_counts_show_words_alone():
    page = vectors_of({"a": [1, 0], "b": [0, 1]}, counts=[0, 0])._repr_html_()
    assert "count" not in page
    assert ">a</td>" in page


def test_a_vocabulary_of_no_word_has_a_page():
    assert "0 words" in Vocabulary([], np.zeros(0, np.int64))._repr_html_()


def test_an_alignment_prints_in_a_line():
    assert repr(skipgram.align(VECTORS, VECTORS)) == (
        "<Alignment of 5 words to 5: a rotation of 2 numbers, from 5 anchors>"
    )


def test_an_alignment_tells_what_could_not_be_an_anchor():
    source = vectors_of({"a": [1, 0], "b": [0, 1], "z<": [0, 0]})
    assert "left out because a vector is zero: 1 (&#x27;z&lt;&#x27;)" in (
        skipgram.align(source, source)._repr_html_()
    )


def test_changes_print_as_a_table_and_are_a_list():
    changes = Changes([Change("bank", 0.25, 0.5, ("money", "loan"), ("river",))])
    assert isinstance(skipgram.align(VECTORS, VECTORS).changes(2), Changes)
    assert str(changes) == "bank   0.250   50%  gained: money loan; lost: river"
    assert changes == [Change("bank", 0.25, 0.5, ("money", "loan"), ("river",))]
    assert "money loan</td>" in changes._repr_html_()


def test_text_is_escaped_once_and_markup_is_left_alone():
    assert told("<b>") == "&lt;b&gt;"
    assert told(told("<b>")) == "&lt;b&gt;"
    assert isinstance(paragraphs(["a"]), Markup)
    assert "a\\u202eb" in table(["word"], [["a\u202eb"]])


@pytest.mark.parametrize(("share", "width"), [(0.5, "4.00em"), (-1, "0.00em"), (9, "8.00em")])
def test_a_bar_stays_within_its_width(share, width):
    assert f"width:{width}" in bar(share)


def test_a_short_bar_keeps_its_full_width_free():
    assert "width:8em" in bar(0.1)


def test_a_long_text_is_cut():
    assert len(told("x" * 10_000)) < 1_000


def test_a_table_may_have_columns_of_numbers():
    assert np.char.count(table(["a", "b"], [["x", "1"]], "lr"), "text-align:right") == 2


def test_pieces_side_by_side_are_text_too():
    assert "&lt;b&gt;" in side_by_side(["<b>", bar(0.5)])
    assert "width:4.00em" in track(0.5)
