"""Words of any script: what one is, where sentences end, and that the faster way agrees."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

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
