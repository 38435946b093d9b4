"""Sweeps as a person watches them, and as the logs keep them."""

import json
from dataclasses import replace
from pathlib import Path

from helpers.run_events import SCORE
from helpers.watched_runs import said, shown
from skipgram.corpus.summary import CountingProgress
from skipgram.training.events import (
    CheckpointSaved,
    ClusterJoined,
    ClusterWaiting,
    Folding,
    LevelStarted,
    ObjectiveChosen,
    Resumed,
    StoppedEarly,
    StorageLeft,
    SweepEnd,
    SweepProgress,
    SweepsFinished,
    SweepsStarted,
)
from skipgram.watching.json_lines import JsonLinesLog

STARTED = SweepsStarted(
    vocab_size=60_000,
    words=20_000,
    levels=((20_000, 16),),
    threads=2,
    flop=5.12e12,
    memory_bytes=900_000_000,
)
LEVEL = LevelStarted(1, 20_000, 3, 40_000_000, 3e7, 9.06, 7.8132)
PROGRESS = SweepProgress(2, 0.1, 8.7654, 0.46, 2.5)
FINISHED = SweepsFinished(16, False, 8.6569, 7.8132, 40_000, 24.2)


def test_the_estimate_comes_before_the_sweeps_and_then_what_has_no_pair():
    assert said(STARTED, LEVEL) == [
        "training 20,000 words together, then 40,000 rarer ones to them; at most 16 sweeps, on "
        "2 threads; 5.1 TFLOP, needs 900 MB",
        "3 words never have another one in their windows, so their vectors are not trained",
    ]


def test_levels_are_said_once_and_only_the_last_ones_lonely_words_count():
    by_levels = replace(STARTED, levels=((1_250, 6), (5_000, 6), (20_000, 6)))
    first = replace(LEVEL, words=1_250)
    second, last = replace(LEVEL, level=2, words=5_000), replace(LEVEL, level=3)
    assert said(by_levels, first, Folding(3_750, is_last=False), second, last) == [
        "training 20,000 words together, then 40,000 rarer ones to them; at most 6 sweeps over "
        "the first 1,250, 6 sweeps over the first 5,000, 6 sweeps over all of them, on 2 threads; "
        "5.1 TFLOP, needs 900 MB",
        "3 words never have another one in their windows, so their vectors are not trained",
    ]
    bar = shown(by_levels, first, second, replace(PROGRESS, sweep=18))
    assert bar.startswith("sweep 18 (5,000 words)")


def test_the_bar_shows_the_loss_beside_its_floor():
    bar = shown(STARTED, LEVEL, PROGRESS)
    assert bar.startswith("sweep 2")
    assert "10%" in bar
    assert "loss 8.7654 (7.8132 at best)  step 0.46" in bar


def test_an_objective_without_a_floor_shows_none():
    assert "at best" not in shown(STARTED, replace(LEVEL, floor=None), PROGRESS)


def test_counting_shows_its_pace():
    bar = shown(CountingProgress(6_000_000, 12_000_000, 2.0))
    assert bar.startswith("counting pairs")
    assert "50%" in bar
    assert "3.00 M words/s" in bar


def test_a_sweep_that_was_undone_is_told():
    assert said(SweepEnd(5, 1, 20_000, 8.7, 8.9, 0.7, 6.0)) == [
        "sweep 5 raised the objective to 8.9000 and was undone; steps are shorter from now on"
    ]


def test_the_end_of_a_sweep_tells_the_held_out_scores():
    assert said(SweepEnd(5, 1, 20_000, 8.7, None, 0.7, 6.0, SCORE)) == [
        "sweep 5: objective 8.7000, held out 2.400 ± 0.010 nats a pair, perplexity 1,234 "
        "(512 centers)"
    ]


def test_the_end_tells_from_where_to_where_and_the_floor():
    assert said(STARTED, LEVEL, Folding(40_000), FINISHED)[2:] == [
        "fitting the 40,000 rarer words to the others ...",
        "trained in 24.2 s by 16 sweeps; objective (loss plus prior) 9.0600 → 8.6569 nats a pair; "
        "the loss is 7.8132 at best",
    ]


def test_checkpoints_and_early_stops_count_sweeps():
    assert said(
        ObjectiveChosen("softmax", "it is cheaper"),
        Resumed("v.checkpoint", 3, 30, 1.0, "sweep"),
        CheckpointSaved("v.checkpoint", 4, 40, 0.1, "sweep"),
        StoppedEarly(2, SCORE, "sweep"),
        StoppedEarly(1, SCORE, "sweep", words=1_250),
    ) == [
        "objective softmax: it is cheaper",
        "continuing from v.checkpoint: sweep 3, 30 words done",
        "checkpoint of sweep 4 in v.checkpoint",
        "stopped early: the held-out loss has not fallen below the 2.400 of sweep 2, whose "
        "vectors are kept",
        "stopped early with the first 1,250 words: the held-out loss has not fallen below the "
        "2.400 of sweep 1, whose vectors are kept",
    ]


def test_a_cluster_is_waited_for_joined_and_tidied_with_a_word():
    assert said(
        ClusterWaiting(60.0),
        ClusterJoined(3, 6, 4_000_000_000, "s3://bucket/run"),
        ClusterJoined(1, 1, 0, "memory://run"),
        StorageLeft("s3://bucket/run", "it is busy"),
    ) == [
        "waiting 60 seconds for a worker of the cluster ...",
        "on a cluster of 3 workers with 6 threads, 4.0 GB each",
        "on a cluster of 1 worker with 1 thread",
        "warning: s3://bucket/run was not cleared: it is busy",
    ]


def test_the_log_keeps_the_objective_of_each_sweep(tmp_path: Path):
    with JsonLinesLog(tmp_path / "log") as log:
        for event in (
            STARTED,
            LEVEL,
            PROGRESS,
            SweepEnd(1, 1, 20_000, 8.9, None, 0.2, 1.5, SCORE),
            FINISHED,
        ):
            log.observe(event)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["event"] for line in lines] == [
        "sweeps_started",
        "level_started",
        "sweep_end",
        "sweeps_finished",
    ]
    assert lines[1]["floor"] == 7.8132
    assert lines[2]["objective"] == 8.9
    assert lines[2]["words"] == 20_000
    assert lines[2]["raised_to"] is None
    assert lines[2]["held_out_loss"] == SCORE.loss
    assert lines[3]["floor"] == FINISHED.floor


def test_one_thing_is_told_in_the_singular():
    one = replace(STARTED, vocab_size=2, words=1, levels=((1, 1),), threads=1)
    level = replace(LEVEL, words=1, words_without_pair=1, entries=1)
    assert said(one, level, Folding(1), replace(FINISHED, sweeps=1)) == [
        "training 1 word together, then 1 rarer one to them; at most 1 sweep, on 1 thread; 5.1 "
        "TFLOP, needs 900 MB",
        "1 word never has another one in its window, so its vector is not trained",
        "fitting the 1 rarer word to the others ...",
        "trained in 24.2 s by 1 sweep; objective (loss plus prior) 9.0600 → 8.6569 nats a pair; "
        "the loss is 7.8132 at best",
    ]
