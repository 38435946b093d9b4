"""The view of a vocabulary: its numbers are right, it fits a screen, and no word can harm it."""

import math
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.cli.views.vocabulary import covered_by_first, ends, kept_by_min_count, show
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.telling.escaping import visible

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

SMALL = Vocabulary(["the", "of", "cat", "dog"], np.array([50, 30, 15, 5]))

_STYLES = re.compile(r"\x1b\[\d*m")


def zipf(words: int) -> Vocabulary:
    """Words whose counts fall as words' counts do."""
    counts = 1_000_000 // np.arange(1, words + 1)
    return Vocabulary([f"w{number}" for number in range(words)], counts)


def view(
    vocabulary: Vocabulary,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: int | None = None,
) -> list[str]:
    """The lines printed, on a terminal so wide or on none, without their styles."""
    if columns is not None:
        monkeypatch.setenv("TERM", "xterm")  # Rich takes a dumb one for 80 columns wide
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("LINES", "24")
    show(vocabulary)
    shown = _STYLES.sub("", capsys.readouterr().out)
    return [line.rstrip() for line in shown.removesuffix("\n").split("\n")]


# The numbers


def test_the_ends_are_the_most_frequent_words_and_the_rarest_first():
    most, least = ends(SMALL, length=2)
    assert most == [("the", 50), ("of", 30)]
    assert least == [("dog", 5), ("cat", 15)]


def test_the_ends_are_right_where_ids_do_not_fall_by_count():
    most, least = ends(Vocabulary(["few", "many", "some"], np.array([1, 9, 4])), length=1)
    assert (most, least) == ([("many", 9)], [("few", 1)])


def test_what_a_min_count_keeps_is_words_and_a_share_of_the_tokens():
    assert kept_by_min_count(SMALL, [1, 15, 16, 51]) == [
        (1, 4, 1.0),
        (15, 3, 0.95),
        (16, 2, 0.8),
        (51, 0, 0.0),
    ]


def test_the_most_frequent_words_cover_a_share_of_the_tokens():
    assert covered_by_first(SMALL, [1, 2, 4, 5]) == [(1, 0.5), (2, 0.8), (4, 1.0)]


@law
@given(st.lists(st.sampled_from("abcdefgh"), min_size=1), st.integers(1, 9))
def test_both_shares_are_those_of_the_tokens_counted_one_by_one(tokens, bound):
    counts = Counter(tokens)
    vocabulary = Vocabulary(list(counts), np.array(list(counts.values()), np.int64))
    (kept,) = kept_by_min_count(vocabulary, [bound])
    frequent = [word for word in counts if counts[word] >= bound]
    among = sum(token in frequent for token in tokens)
    assert kept == (bound, len(frequent), pytest.approx(among / len(tokens), abs=1e-12))
    first = sum(count for _, count in counts.most_common(bound))
    expected = [(bound, pytest.approx(first / len(tokens), abs=1e-12))] * (bound <= len(counts))
    assert covered_by_first(vocabulary, [bound]) == expected


def test_the_share_of_no_tokens_is_no_number():
    nothing = Vocabulary(["a"], np.array([0]))
    assert math.isnan(kept_by_min_count(nothing, [1])[0].token_share)
    assert math.isnan(covered_by_first(nothing, [1])[0].token_share)


# The page


def test_the_view_says_all_that_it_should(capsys, monkeypatch):
    assert view(SMALL, capsys, monkeypatch, columns=80) == [
        "4 words, 100 tokens",
        "",
        "most frequent   count      least frequent   count",
        "the                50      dog                  5",
        "of                 30      cat                 15",
        "cat                15      of                  30",
        "dog                 5      the                 50",
        "",
        "min_count   words kept   tokens kept",
        "        1            4       100.0 %",
        "        2            4       100.0 %",
        "        5            4       100.0 %",
        "       10            3        95.0 %",
        "       50            1        50.0 %",
        "      100            0         0.0 %",
    ]


def test_a_large_vocabulary_fits_a_screen(capsys, monkeypatch):
    lines = view(zipf(150_000), capsys, monkeypatch, columns=80)
    assert len(lines) <= 23  # and a line for the prompt
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("150,000 words, ")
    assert lines[3].split() == ["w0", "1,000,000", "w149999", "6"]
    covered = [line.split()[4] for line in lines if line.count("%") == 2]
    assert covered == ["1,000", "10,000", "30,000", "100,000"]


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_on_a_narrow_terminal_tables_stand_one_above_the_other(columns, capsys, monkeypatch):
    lines = view(zipf(1_000), capsys, monkeypatch, columns)
    assert max(map(len, lines)) <= columns
    assert sum(line == "" for line in lines) >= 3


def test_a_long_word_is_cut_on_a_terminal_and_nowhere_else(capsys, monkeypatch):
    vocabulary = Vocabulary(["x" * 500, "y"], np.array([2, 1]))
    assert "x" * 500 in view(vocabulary, capsys, monkeypatch)[3]
    lines = view(vocabulary, capsys, monkeypatch, columns=80)
    assert lines[3].startswith("xxx")
    assert "x…   " in lines[3]
    assert lines[3].split()[-3:] == ["2", "y", "1"]
    assert max(map(len, lines)) <= 80


def test_a_vocabulary_without_words_has_no_tables(capsys, monkeypatch):
    assert view(Vocabulary([], np.zeros(0, np.int64)), capsys, monkeypatch) == ["0 words, 0 tokens"]


def test_words_never_seen_have_no_shares(capsys, monkeypatch):
    lines = view(Vocabulary(["a", "b"], np.array([0, 0])), capsys, monkeypatch)
    assert lines[-1].split() == ["100", "0", "none"]


# What words may hold


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("plain", "plain"),
        ("東京", "東京"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b2J\x00\x7f", r"\x9b2J\x00\x7f"),
        ("\u202ecba", r"\u202ecba"),
        ("\u2028", r"\u2028"),
        ("a\u00a0b", r"a\xa0b"),
        ("\ud800", r"\ud800"),
        ("\U000e0001", r"\U000e0001"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("🐈\u200d⬛", "🐈\u200d⬛"),
        ("[bold]x[/]", "[bold]x[/]"),
    ],
)
def test_control_characters_are_shown_escaped_and_letters_as_they_are(word, shown):
    assert visible(word) == shown


@law
@given(st.text() | st.text(alphabet="\x1b[]\\/:mb\n\r\x9b\x07é"))
def test_what_is_visible_holds_nothing_that_steers_a_terminal(word):
    assert all(char.isprintable() or char in "\u200c\u200d" for char in visible(word))


ODD = ["[bold]", ":smile:", "[/]", "[a\\b]", "[link=x]y", "\x1b[31mred", "two\nlines", "\u202eabc"]


@pytest.mark.parametrize("columns", [None, 100])
def test_words_are_printed_whatever_is_in_them(columns, capsys, monkeypatch):
    counts = np.arange(len(ODD), 0, -1)
    lines = view(Vocabulary(ODD, counts), capsys, monkeypatch, columns)
    rows = [re.split(r"\s{3,}", line) for line in lines[3 : 3 + len(ODD)]]
    expected = [visible(word) for word in ODD]
    assert [row[0] for row in rows] == expected
    assert [row[2] for row in rows] == expected[::-1]
    assert not any("\x1b" in line or "\u202e" in line for line in lines)
