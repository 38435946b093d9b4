"""Answers as they are printed and as a notebook shows them."""

import re

from helpers.handmade_vectors import vectors_of
from skipgram.vectors.neighbors import (
    Neighbor,
    Neighbors,
    Notes,
    Predicted,
    Predictions,
)


def test_answers_print_as_a_table_and_show_as_one_in_a_notebook():
    found = vectors_of({"word": [1, 0], "longer": [1, 1], "x<y": [0, 1]}).most_similar("word")
    assert isinstance(found, Neighbors)
    assert isinstance(found[0], Neighbor)
    assert str(found) == "longer   0.707\nx<y      0.000"
    assert re.search(r">x&lt;y</td><td[^>]*>0.000</td>", found._repr_html_())
    assert str(Neighbors()) == ""


def test_the_numbers_of_words_in_any_script_stand_below_each_other_when_printed():
    found = Neighbors([Neighbor("से", 0.5), Neighbor("ताज़ा", 0.25), Neighbor("中国", 0.125)])
    assert str(found) == "से      0.500\nताज़ा     0.250\n中国   0.125"


def test_printed_words_cannot_steer_the_terminal():
    found = Neighbors([Neighbor("a\x1b[31m", 0.5)], Notes(read_as=(("\u202eb", "b"),)))
    assert str(found).splitlines() == [
        "a\\x1b[31m   0.500",
        "looked up in the form of the training: \\u202eb as b",
    ]


def test_a_notebook_shows_a_bar_for_each_cosine_and_for_each_share_of_the_largest_probability():
    cosines = Neighbors([Neighbor("a", 0.5), Neighbor("b", -0.5)])._repr_html_()
    assert re.findall(r"width:(\d\.\d+)em", cosines) == ["4.00", "0.00"]
    probabilities = Predictions([Predicted("a", 0.02), Predicted("b", 0.01)])._repr_html_()
    assert re.findall(r"width:(\d\.\d+)em", probabilities) == ["8.00", "4.00"]
