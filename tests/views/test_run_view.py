"""A run as a person watches it: what is said of its events, and what the bar shows."""

import math
from dataclasses import replace

import numpy as np
import pytest

from helpers.encoding_twin import encoded
from helpers.run_events import FINISHED, SCORE, STARTED, epoch_end, progress
from helpers.watched_runs import said, said_in_python, shown
from skipgram.corpus.encoding.extending import extended
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.training.events import (
    CheckpointFailed,
    CheckpointSaved,
    Resumed,
    StoppedEarly,
)

# What is said


def test_the_end_of_an_epoch_tells_the_held_out_scores():
    assert said(epoch_end(2, held_out=SCORE)) == [
        "epoch 2: loss 2.310, held out 2.400 ± 0.010 nats a pair, perplexity 1,234 (512 centers)"
    ]


def test_without_held_out_text_the_end_of_an_epoch_is_no_line():
    assert said(epoch_end(2)) == []


def test_a_perplexity_beyond_all_bounds_stays_short():
    (line,) = said(epoch_end(1, held_out=replace(SCORE, cross_entropy=1e9)))
    assert "perplexity 8.2e+307 (" in line


def test_a_checkpoint_is_a_short_line():
    assert said(CheckpointSaved("out.checkpoint", epoch=2, tokens_done=1_700, seconds=0.1)) == [
        "checkpoint of epoch 2 in out.checkpoint"
    ]


def test_a_checkpoint_that_could_not_be_written_is_told_with_its_reason():
    assert said(CheckpointFailed("out.checkpoint", 2, 1_700, "x: No space left on device")) == [
        "no checkpoint of epoch 2: x: No space left on device; training continues"
    ]


def test_a_run_that_goes_on_says_from_where():
    assert said(Resumed("out.checkpoint", epoch=2, tokens_done=1_500, seconds=0.75)) == [
        "continuing from out.checkpoint: epoch 2, 1,500 words done"
    ]


def test_a_run_that_stops_early_says_which_vectors_stay():
    lines = said(
        STARTED,
        epoch_end(1, loss=3.0),
        epoch_end(2, loss=2.5),
        epoch_end(3, loss=2.2),
        StoppedEarly(2, SCORE),
        FINISHED,
    )
    assert lines[1:] == [
        "stopped early: the held-out loss has not fallen below the 2.400 of epoch 2, whose "
        "vectors are kept",
        "trained in 2.0 s, 2 k words/s; 8,000 pairs an epoch, loss 3.000 → 2.500 nats a pair",
    ]


def test_a_run_that_ends_tells_the_loss_of_its_first_epoch_and_its_last():
    *_, line = said(STARTED, epoch_end(1, loss=3.0), epoch_end(2, loss=2.5), FINISHED)
    assert line.endswith("; 8,000 pairs an epoch, loss 3.000 → 2.500 nats a pair")


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (2.5, 1.75, "loss 2.500 → 1.750 ± 0.030 nats a pair"),
        (1.739, 1.77, "loss 1.739 → 1.770 ± 0.030 nats a pair, no change that can be told"),
        (1.739, 1.84, "loss 1.739 → 1.840 ± 0.030 nats a pair"),
    ],
)
def test_two_losses_are_told_with_their_error_and_whether_they_differ(first, last, told):
    *_, line = said(
        STARTED, epoch_end(1, first, error=0.04), epoch_end(2, last, error=0.03), FINISHED
    )
    assert line.endswith(f"; 8,000 pairs an epoch, {told}")


def test_one_epoch_has_a_loss_and_its_error():
    *_, line = said(STARTED, epoch_end(1, 2.5, error=0.03), FINISHED)
    assert line.endswith("an epoch, loss 2.500 ± 0.030 nats a pair")


def test_what_would_help_is_named_as_its_reader_types_it():
    stuck, worse = ([STARTED, epoch_end(1, loss), FINISHED] for loss in (4.1, 4.2))
    assert said_in_python(*stuck)[-1] == (
        "the vectors have hardly moved from their start: more text, more epochs, a larger "
        "learning_rate or subsample=0 will help"
    )
    assert said(*stuck)[-1] == (
        "the vectors have hardly moved from their start: more text, more --epochs, a larger "
        "--learning-rate or --subsample 0 will help"
    )
    for tell, name in ((said, "--learning-rate"), (said_in_python, "learning_rate")):
        assert tell(*worse)[-1] == (
            f"the loss ended above that of zero vectors: try a smaller {name}"
        )


def test_a_resumed_run_does_not_pass_off_a_later_epoch_as_its_first():
    resumed = Resumed("out.checkpoint", epoch=3, tokens_done=2_100, seconds=1.0)
    *_, line = said(STARTED, resumed, epoch_end(3, loss=2.4), epoch_end(4, loss=2.3), FINISHED)
    assert line.endswith("loss 2.300 nats a pair")


def test_a_resumed_run_that_had_nothing_left_to_do_ends_as_any():
    *_, line = said(
        STARTED, Resumed("out.checkpoint", epoch=4, tokens_done=4_000, seconds=2.0), FINISHED
    )
    assert line == "trained in 2.0 s, 2 k words/s"


def test_what_was_left_out_of_new_text_and_what_was_added_is_told():
    old = Vocabulary(["a", "b"], np.ones(2, np.int64))
    new = encoded(b"a b c d c")
    assert (
        "left out 2 different words that the vectors do not have, 3 in all; --add-words adds them"
        in said(extended(old, new, adds_words=False).summary)
    )
    added = said(extended(old, new, adds_words=True).summary)
    assert "added 2 words to those of the vectors" in added
    assert "vectors" not in " ".join(said(new.summary))


# What the bar shows


def test_the_bar_shows_the_learning_rate_that_the_event_tells():
    for rate, text in [(0.025, "rate 0.0250"), (0.00312, "rate 0.0031"), (2.5e-6, "rate 2.5e-06")]:
        first, later = (progress(words, 1.0, rate=rate) for words in (500, 3_500))
        assert text in shown(first, 1, later)


def test_a_loss_that_was_not_scored_leaves_the_one_before_it():
    assert "loss 3.000" in shown(progress(500, 1.0, 3.0), 1, progress(900, 1.5, math.nan))


def test_after_a_resume_speed_and_time_left_are_those_of_this_session():
    # 2,000 words took an hour on a slow machine; here it is 100 words a second.
    line = shown(
        Resumed("out.checkpoint", epoch=3, tokens_done=2_000, seconds=3_600.0),
        1,
        progress(2_000, seconds=3_600.0),
        1,
        progress(2_100, seconds=3_601.0),
        4,
        progress(2_500, seconds=3_605.0),
    )
    assert line.startswith("epoch 3 ")
    assert " 62% 100 words/s" in line
    assert "00:15 left" in line
