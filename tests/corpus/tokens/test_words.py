"""Words of any script: what one is, where sentences end, and that the faster way agrees."""

import unicodedata
from bisect import bisect_right

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skipgram.corpus.tokens import words as words_module
from skipgram.corpus.tokens.words import words, words_of_any_script, words_of_ascii

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=300)

pieces = st.sampled_from(
    [
        *[
            "a",
            "B",
            "'",
            "''",
            "\u2019",
            ".",
            "!",
            "?",
            "\n",
            " ",
            "3",
            "-",
            "_",
            "é",
            "e\u0301",
            "Σ",
        ],
        *[
            "\r",
            "\t",
            "\x00",
            "\x1c",
            "\x85",
            "\u2028",
            "İ",
            "\u200c",
            "क",
            "ी",
            "東",
            "🐈",
            "\u200d",
            "\ufe0f",
            "ﬁ",
            "ⅷ",
        ],
    ]
)
marks = st.sampled_from(
    "\u0301\u0323\u0344\u0f73\u0903\u0345\u0334\u05b0\u0f71\u0f72\u0f81\u093c\u3099\u0340\u1dfa"
)
texts = st.lists(pieces, max_size=40).map("".join) | st.text(max_size=30)


def squeezed(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("\n")]


@law
@given(texts)
@example("'tis 'tis' ''a'' a''b a'b' '.'a'.'")
@example("\u2019tis\u2019 a\u2019b")
def test_the_faster_way_finds_the_same_words_in_any_text(text):
    text += "\n"
    expected = [line.split() for line in words_of_any_script(text).split("\n")]
    assert squeezed(words(text)) == expected


@law
@given(st.text(alphabet="aZ09'.!?\n\r\t -_\0\x7f", max_size=40))
def test_ascii_is_taken_apart_by_its_own_way_as_by_the_other(text):
    expected = [line.split() for line in words_of_any_script(text).split("\n")]
    assert squeezed(words_of_ascii(text.encode()).decode()) == expected


@law
@given(texts)
def test_a_text_keeps_its_lines(text):
    text += "\n"
    assert words(text).count("\n") == text.count("\n")


@law
@given(texts)
@example("\U0001342f")  # a letter that Python 3.11's tables do not have yet, and regex's do
def test_words_are_lower_case_and_normal_and_found_again(text):
    for line in squeezed(words(text + "\n")):
        for word in line:
            begins = unicodedata.category(word[0])
            assert word in ".!?" or ((begins[0] in "LN" or begins == "Cn") and word[-1] != "'")
            assert unicodedata.is_normalized("NFC", word)
            assert words(word + "\n").split() == [word]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The quick, brown fox!", "the quick brown fox !"),
        ("Don't don\u2019t 'tis rock'n'roll dogs'", "don't don't tis rock'n'roll dogs"),
        ("O''Neill ' '' a'", "o neill a"),
        ("3.14 U.S. e.g. what?!", "3 . 14 u . s . e . g . what ? !"),
        ("well-known snake_case a/b c@d", "well known snake case a b c d"),
        ("ΟΔΥΣΣΕΥΣ Σίσυφος", "οδυσσευς σίσυφος"),
        ("हिन्दी में क्षत्रिय", "हिन्दी में क्षत्रिय"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("cafe\u0301 CAFE\u0301 café", "café café café"),
        ("Straße ÉCOLE", "straße école"),
        ("東京 2020年", "東京 2020年"),
        ("🐈 ...", ". . ."),
        ("love\u2764\ufe0fyou \u2764\ufe0f \u2764\ufe0fme", "love you me"),
        ("\U0001f469\u200d\U0001f4bb codes \U0001f44d\U0001f3fd", "codes"),
        ("\U0001f1ec\U0001f1e7 \u200d \u200c \ufe0f \u0301", ""),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("a'\u200db 'c", "a b c"),
        ("x\u00a0y\u2028z\x85w", "x y z w"),
        ("a\0b", "a b"),
        ("", ""),
    ],
)
def test_the_words_of_a_line(text, expected):
    assert words(f"{text}\n").split() == expected.split()
    assert words_of_any_script(text).split() == expected.split()


# Marks on marks


@law
@given(st.sampled_from("aéẹếक東"), st.lists(marks, min_size=20, max_size=120), st.booleans())
def test_long_runs_of_marks_are_put_in_order_as_unicode_asks(letter, run, has_end):
    text = letter + "".join(run) + "b" * has_end
    found = words_of_any_script(text)
    assert found.replace(" ", "") == unicodedata.normalize("NFC", text.lower())


def moves(text: str) -> int:
    """How many marks an insertion sort moves to bring those after each letter into order."""
    moved, behind = 0, []
    for mark in map(unicodedata.combining, unicodedata.normalize("NFKD", text[:1]) + text[1:]):
        if mark == 0:
            behind = []
            continue
        place = bisect_right(behind, mark)
        moved += len(behind) - place
        behind.insert(place, mark)
    return moved


def test_putting_many_marks_in_order_moves_few_of_them(monkeypatch):
    given_to_nfc = []

    class Watched:
        combining = staticmethod(unicodedata.combining)

        @staticmethod
        def normalize(form: str, text: str) -> str:
            if form == "NFC":
                given_to_nfc.append(text)
            return unicodedata.normalize(form, text)

    monkeypatch.setattr(words_module, "unicodedata", Watched)
    marks_in_turn = "a" + "\u0301\u0323" * 2000
    assert moves(marks_in_turn) > 1_000_000
    words_of_any_script(f"{marks_in_turn} {marks_in_turn}é{marks_in_turn}")
    assert sum(map(moves, given_to_nfc)) < 100
