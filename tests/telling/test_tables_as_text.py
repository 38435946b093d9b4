"""Tables for a terminal, for a file and for a notebook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skipgram.telling.tables import Table, texts_of
from skipgram.telling.wording import folded, width_on_screen


def test_numbers_are_to_the_right_and_no_line_ends_in_blanks():
    table = Table(("word", "n", ""), [("中国", "7", ""), ("a\tb", "1,000", "rare")], "lrl")
    assert str(table) == "word      n\n中国      7\na\\tb  1,000  rare"
    assert "\n".join(texts_of([table, table])) == f"{table}\n\n{table}"


def test_a_title_has_a_line_of_its_own():
    table = Table(("a", "b"), [("1", "2")], "ll", "one against another")
    assert table.lines() == ["one against another", "a  b", "1  2"]
    assert (table.heading_lines, table._replace(title="").heading_lines) == (2, 1)
    assert [*table.markdown()][:3] == ["one against another", "", "| a | b |"]
    assert "one against another" in table.html()


def test_names_are_folded_where_the_terminal_is_narrow_and_numbers_never():
    rows = [("Wordsim relatedness of nouns", "0.500", "328 of 353")]
    table = Table(("", "score", "covered"), rows, "nrl")
    assert table.lines(35) == [
        "                  score  covered",
        "Wordsim           0.500  328 of 353",
        "relatedness of",
        "nouns",
    ]
    assert table.lines(60) == table.lines() == str(table).splitlines()
    assert max(map(len, table.lines(5))) == 10 + 2 + 5 + 2 + 10


def test_the_widest_names_are_folded_first():
    table = Table(("", "", "n"), [("a long name indeed", "short name", "1")], "nnr")
    assert table.lines(25) == [
        "                        n",
        "a long      short name  1",
        "name",
        "indeed",
    ]


def test_a_part_of_a_set_stays_below_its_name_when_it_is_folded():
    table = Table(("", "n"), [("a set", ""), ("  adjective to adverb", "7")], "nr")
    assert table.lines(16) == ["               n", "a set", "  adjective    7", "  to adverb"]


def test_markdown_escapes_its_own_signs():
    table = Table(("a|b",), [("  x|y",)], "l")
    assert list(table.markdown()) == ["| a\\|b |", "| --- |", "| x\\|y |"]


def test_a_notebook_has_names_on_the_left_and_numbers_on_the_right():
    html = Table(("<name>", "n"), [("a", "1")], "nr").html()
    assert "&lt;name&gt;" in html
    assert "text-align:left'>a" in html
    assert "text-align:right'>1" in html


@given(st.text(st.characters(exclude_categories=["C"])), st.integers(2, 40))
def test_a_folded_text_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = folded(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    indent = len(text) - len(text.lstrip(" "))
    assert all(width_on_screen(line) <= max(width, indent + 2) for line in lines)


@pytest.mark.parametrize("text", ["", "two  blanks", "  indented"])
def test_a_text_that_fits_stays_as_it_is(text):
    assert folded(text, 20) == [text]
