"""What was read and kept is told in plain words, in the singular where there is one thing."""

from dataclasses import replace

from helpers.encoding_twin import encoded
from helpers.run_events import CORPUS
from skipgram.corpus.summary import corpus_lines
from skipgram.errors import read_at_a_shell

ONE = replace(
    CORPUS,
    lines=1,
    longest_line=1,
    tokens=1,
    types=1,
    kept_tokens=1,
    kept_types=1,
)


def test_what_was_read_and_kept_is_told_in_plain_words():
    told = replace(CORPUS, empty_lines=3, kept_types=40, kept_tokens=900)
    assert corpus_lines(replace(told, rare_types=10, rare_tokens=100)) == [
        "read 1,000 words in 20 lines, 3 of them empty; the longest line or sentence has 90 words",
        "kept 40 different words, 900 in all; dropped 10 rarer ones, 100 in all",
    ]
    assert corpus_lines(CORPUS)[1] == "kept 50 different words, 1,000 in all; none was too rare"


def test_one_thing_is_told_in_the_singular():
    assert corpus_lines(replace(ONE, rare_types=1, rare_tokens=1)) == [
        "read 1 word in 1 line; the longest line or sentence has 1 word",
        "kept 1 different word, 1 in all; dropped 1 rarer one, 1 in all",
    ]


def test_lines_that_were_parted_into_sentences_have_a_longest_sentence():
    summary = encoded(b"A book in a line. It has sentences! " * 30, tokenizer="words").summary
    assert corpus_lines(summary)[0] == (
        "read 240 words in 1 line; the longest sentence has 5 words"
    )


def test_all_that_was_dropped_or_left_out_is_told_with_its_numbers():
    told = replace(
        CORPUS,
        surplus_types=2,
        surplus_tokens=30,
        listed_types=1,
        listed_tokens=4,
        unknown_types=1,
        unknown_tokens=1,
        added_types=1,
        forgotten_tokens=7,
        count_error=2,
        phrases=1,
        joined_tokens=1,
    )
    assert corpus_lines(told)[2:] == [
        "dropped 2 different words beyond the most frequent, 30 in all",
        "dropped 1 different word on the drop list, 4 in all",
        "left out 1 different word that the vectors do not have, 1 in all; add_words=True adds "
        "them",
        "added 1 word to those of the vectors",
        "forgot rare words, 7 in all, to stay within max_types; counts are too low by at most 2",
        "joined words into 1 phrase; the corpus is 1 word shorter",
    ]


def test_a_reader_at_a_shell_is_told_of_options():
    told = replace(CORPUS, unknown_tokens=1, forgotten_tokens=7, compared_types=100, form_types=55)
    with read_at_a_shell():
        lines = corpus_lines(told)
    assert lines[3] == "for prose, add --tokenizer words, which makes one word of them"
    assert lines[4].endswith("; --add-words adds them")
    assert "to stay within --max-types;" in lines[5]


def test_a_notebook_is_shown_the_same_lines_escaped():
    html = replace(CORPUS, replaced=1, first_replaced="<b>.txt, byte 3")._repr_html_()
    assert "read 1,000 words in 20 lines" in html
    assert "&lt;b&gt;.txt, byte 3" in html
    assert "<b>" not in html


def test_a_large_table_of_words_tells_its_memory():
    told = replace(CORPUS, types=200_000, table_bytes=12_000_000)
    assert corpus_lines(told)[2] == (
        "the table of 200,000 different words took 12 MB, 60 MB per million"
    )


def test_prose_that_was_split_at_spaces_gets_advice():
    prose = replace(CORPUS, compared_types=100, form_types=55, example_of_forms="king King king,")
    assert corpus_lines(prose)[2:] == [
        "55 of the 100 words have punctuation attached or differ from another by case only, such "
        "as: king King king,",
        'for prose, add tokenizer="words", which makes one word of them',
    ]
    assert "55 of the 100 most frequent words" in corpus_lines(replace(prose, kept_types=999))[2]
    assert len(corpus_lines(replace(prose, form_types=19))) == 2
    assert len(corpus_lines(replace(prose, compared_types=40, form_types=39))) == 2
