"""Errors say what to change as their reader types it: in Python, or at a shell."""

import pickle

import pytest

from skipgram import errors
from skipgram.errors import did_you_mean, in_readers_words, read_at_a_shell

MESSAGES = [
    (
        "lower min_count (--min-count) or give more text",
        "lower min_count or give more text",
        "lower --min-count or give more text",
    ),
    (
        "continue it (--resume), or discard it (--overwrite)",
        "continue it (resume=True), or discard it (overwrite=True)",
        "continue it (--resume), or discard it (--overwrite)",
    ),
    ("hold some out (--holdout 0.01)", "hold some out (holdout=0.01)", None),
    ("keep more of it (--subsample 1e-05)", "keep more of it (subsample=1e-05)", None),
    ("ask for fewer, k (--count)", "ask for fewer, k", "ask for fewer, --count"),
    ("be replaced (--undecodable replace)", 'be replaced (undecodable="replace")', None),
    ("say which (--continue DIR)", "say which (continue_from=DIR)", None),
    ("it may take this long (--yes)", "it may take this long (may_take_long=True)", None),
    ("raise it (--max-vocabulary)", "raise it (max_vocabulary)", None),
    (
        "start anew with [--overwrite] instead of [--resume]",
        "start anew with overwrite=True instead of resume=True",
        "start anew with --overwrite instead of --resume",
    ),
    (
        "'[--resume]' and '(--seed)' are unknown (--seed 2)",
        "'[--resume]' and '(--seed)' are unknown (seed=2)",
        None,
    ),
    ("nothing to change (at all) [sic] --here", "nothing to change (at all) [sic] --here", None),
]


@pytest.mark.parametrize(("written", "in_python", "at_a_shell"), MESSAGES)
def test_a_message_is_in_its_readers_words(written, in_python, at_a_shell):
    assert in_readers_words(written) == in_python
    with read_at_a_shell():
        assert in_readers_words(written) == (at_a_shell or written)
    assert in_readers_words(written) == in_python


KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type)
    and issubclass(kind, errors.SkipgramError)
    and kind is not errors.InterruptedRunError
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_in_its_readers_words_also_from_another_process(kind):
    error = kind("/a/b exists; allow it to be replaced (--overwrite)")
    assert str(error) == "/a/b exists; allow it to be replaced (overwrite=True)"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("name", ["k", "continue_from", "least_words", "min_count"])
def test_the_option_of_a_name_is_told_by_that_name_again(name):
    assert in_readers_words(f"{name} ({errors.option_of(name)})") == name


def test_an_error_inside_another_one_keeps_its_words():
    with read_at_a_shell():
        inner = errors.FormatError("damaged; raise it (--max-types)")
        assert (
            str(errors.FormatError(f"{inner}; or not")) == "damaged; raise it (--max-types); or not"
        )


def test_an_interrupted_run_has_the_exit_code_of_its_signal():
    error = errors.InterruptedRunError("stopped; [--resume] continues", 2)
    assert (str(error), error.exit_code) == ("stopped; resume=True continues", 130)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("KING", "king"),
        ("king", "King"),
        ("nasa", "NASA"),
        ("caf\u0065\u0301", "caf\u00e9"),
        ("caf\u00e9", "cafe\u0301"),
        ("\uff4b\uff49\uff4e\uff47", "king"),
        ("ox", "oxs"),
        ("as", "a"),
    ],
)
def test_another_case_normal_form_or_number_of_a_word_is_meant(asked, known):
    assert did_you_mean(asked, [known, "zebra"]) == f"; did you mean {known}?"


def test_a_name_like_no_other_has_no_meaning_offered():
    assert did_you_mean("qqq", ["king"]) == ""
