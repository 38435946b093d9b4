"""Training by sweeps on the command line and in Python: what a person gives, sees and gets."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers import command_line
from helpers.processes import wait_until
from helpers.small_trainings import command, two_topics
from skipgram.errors import SettingsError, SkipgramError
from skipgram.runs import trainers
from skipgram.training.events import ObjectiveChosen, SweepsFinished
from skipgram.training.exact import estimate

SMALL = {"objective": "softmax", "embedding_dim": 8, "min_count": 1, "subsample": 0.0, "prior": 1.0}


@pytest.fixture(name="text")
def a_text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text(two_topics(300) + "lonely\n")
    return file


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`skipgram arguments` in this process: the exit code, what it gives and what it says."""

    return lambda *arguments: (
        command_line.run(monkeypatch, *arguments),
        *capsys.readouterr(),
    )


def test_a_text_becomes_vectors_by_the_exact_softmax(text, tmp_path):
    told = []
    vectors = skipgram.train(text, tmp_path / "vectors", observe=told.append, sweeps=12, **SMALL)
    nearest = [neighbor.word for neighbor in vectors.most_similar("sky3", k=10)]
    assert all(word.startswith("sky") for word in nearest)
    assert not vectors["lonely"].any()
    (finished,) = (event for event in told if isinstance(event, SweepsFinished))
    read = skipgram.load(tmp_path / "vectors")
    np.testing.assert_array_equal(read.center, vectors.center)
    assert len(read.about["sweeps"]) == finished.sweeps
    assert read.about["settings"]["model"]["objective"] == "softmax"


def test_the_stored_model_predicts_as_it_was_trained():
    corpus = skipgram.encode(skipgram.Texts([two_topics(100)]), min_count=1)
    vectors = skipgram.train(corpus, sweeps=40, **{**SMALL, "prior": 0.01, "count_power": 1.0})
    scores = vectors.center.astype(float) @ vectors.outside.T + np.log(vectors.outside_marginal)
    predicted = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    topic = np.array([word.startswith("sky") for word in vectors.words])
    within = predicted[topic][:, topic].sum(axis=1)
    assert (within > 0.99).all()


def test_the_command_shows_the_objective_its_floor_and_what_stays(run, text, tmp_path):
    code, _, said = run(
        "train", text, "-o", tmp_path / "v", "--objective", "softmax", "--sweeps", "6",
        "--min-count", "1", "--subsample", "0", "--embedding-dim", "8", "--prior", "1",
        "--log", tmp_path / "log.jsonl",
    )  # fmt: skip
    assert code == 0, said
    assert (
        "1 word never has another one in its window, so its vector is made of its spelling alone"
    ) in said
    assert " nats a pair; the loss is " in said
    _, info, _ = run("info", tmp_path / "v")
    assert re.search(r"objective +(\d\.\d{4}  ){6}nats a pair, loss plus prior", info)
    kinds = [
        json.loads(line)["event"] for line in (tmp_path / "log.jsonl").read_text().splitlines()
    ]
    assert kinds.count("sweep_end") == 6
    assert kinds[-2:] == ["sweeps_finished", "words_spelled"]


@pytest.mark.parametrize(
    ("objective", "values", "text"),
    [
        ("softmax", {"epochs": 3}, "epochs is not a setting of objective softmax"),
        ("softmax", {"learning_rate": 0.1}, "learning_rate is not a setting"),
        ("softmax", {"negatives": 5}, "it has no negatives"),
        ("negative-sampling", {"sweeps": 3}, "its passes are epochs"),
        ("negative-sampling", {"count_power": 0.5}, "it belongs to softmax and expected-negative"),
        ("negative-sampling", {"window_width": "harmonic"}, "negative sampling draws"),
        ("expected-negative-sampling", {"unigram_offset": 1.0}, "it belongs to softmax"),
        ("expected-negative-sampling", {"softmax_vocabulary": 9}, "softmax_vocabulary"),
    ],
)  # fmt: skip
def test_settings_of_another_objective_are_refused_with_a_word(objective, values, text):
    with pytest.raises(SettingsError) as caught:
        skipgram.train(["a b c"], objective=objective, **values)
    assert text in str(caught.value)


def test_a_prior_below_zero_is_refused():
    with pytest.raises(SettingsError, match="prior must be at least 0"):
        skipgram.train(["a b c"], objective="softmax", prior=-1)


def test_what_takes_long_wants_a_word_and_says_the_ways_out(text, monkeypatch):
    monkeypatch.setattr(estimate, "BUDGET_FLOP", 1e3)
    with pytest.raises(SkipgramError) as caught:
        skipgram.train(text, **SMALL)
    message = str(caught.value)
    assert "16 sweeps over 41 words take" in message
    assert "softmax_vocabulary=20000" in message
    assert "may_take_long=True" in message
    skipgram.train(text, may_take_long=True, sweeps=1, **SMALL)


def test_counts_from_before_are_taken_and_give_the_same_vectors(text, tmp_path):
    encoded = skipgram.encode(text, tmp_path / "corpus", min_count=1)
    skipgram.cooccurrence(encoded, tmp_path / "counts", subsample=0.0)
    values = {**SMALL, "sweeps": 3}
    by_counts = skipgram.train(encoded, counts=tmp_path / "counts", **values)
    np.testing.assert_array_equal(skipgram.train(encoded, **values).center, by_counts.center)


def test_counts_of_another_vocabulary_are_refused(text, tmp_path):
    skipgram.cooccurrence(
        skipgram.Texts(["a b c d"]), tmp_path / "counts", min_count=1, subsample=0.0
    )
    with pytest.raises(SettingsError, match="counts belong to another vocabulary"):
        skipgram.train(text, counts=tmp_path / "counts", **SMALL)


def test_counts_are_refused_by_negative_sampling(text, tmp_path):
    skipgram.cooccurrence(
        skipgram.Texts(["a b c d"]), tmp_path / "counts", min_count=1, subsample=0.0
    )
    with pytest.raises(SettingsError, match="are for objectives that train by sweeps"):
        skipgram.train(text, counts=tmp_path / "counts", min_count=1, objective="negative-sampling")


def test_counts_ask_for_sweeps(text, tmp_path):
    skipgram.cooccurrence(text, tmp_path / "counts", min_count=1, subsample=0.0)
    asked = {name: of for name, of in SMALL.items() if name not in ("objective", "prior")}
    vectors = skipgram.train(text, counts=tmp_path / "counts", **asked)
    assert vectors.about["settings"]["model"]["objective"] == "softmax"


def test_the_counting_command_writes_what_training_takes(run, text, tmp_path):
    counting = ("--min-count", "1", "--subsample", "0", "--window", "3", "--contexts", "left")
    code, _, said = run("cooccurrence", text, "-o", tmp_path / "counts", *counting)
    assert code == 0, said
    assert "; 1 word has no pair" in said
    training = (*counting, "--objective", "softmax", "--sweeps", "2", "--embedding-dim", "8")
    code, _, said = run(
        "train", text, "-o", tmp_path / "v", "--counts", tmp_path / "counts", *training
    )
    assert code == 0, said
    code, _, said = run("cooccurrence", text, "-o", tmp_path / "counts", *counting)
    assert code == 1
    assert "already exists" in said


def test_the_softmax_is_taken_where_it_is_soon_done_and_says_so(text):
    told = []
    corpus = skipgram.encode(text, min_count=1)
    values = {name: of for name, of in SMALL.items() if name not in ("objective", "prior")}
    vectors = skipgram.train(corpus, observe=told.append, **values)
    choice = next(event for event in told if isinstance(event, ObjectiveChosen))
    assert choice.objective == "softmax"
    assert "TFLOP, which is soon done" in choice.reason
    assert vectors.about["settings"]["model"]["objective"] == "softmax"
    assert vectors.about["settings"]["model"]["window"] == 8


@pytest.mark.parametrize(
    ("bounds", "objective", "reason"),
    [
        ({"AS_FAST": 1e9}, "softmax", "no more than 1e+09 times what negative sampling takes"),
        ({"AS_FAST": 1e-9}, "negative-sampling", "TFLOP, and negative sampling"),
        ({"AS_FAST": 1e9, "BUDGET_FLOP": 1.0}, "negative-sampling", "and negative sampling"),
        ({"MOST_BYTES": 1.0}, "negative-sampling", "GB of memory"),
    ],
)
def test_what_takes_longer_is_weighed_against_negative_sampling_and_the_bounds(
    text, monkeypatch, bounds, objective, reason
):
    for name, value in {"SOON_FLOP": 0.0, **bounds}.items():
        monkeypatch.setattr(trainers, name, value)
    told = []
    values = {name: of for name, of in SMALL.items() if name not in ("objective", "prior")}
    vectors = skipgram.train(text, observe=told.append, **values)
    choice = next(event for event in told if isinstance(event, ObjectiveChosen))
    assert choice.objective == objective
    assert reason in choice.reason
    assert vectors.about["settings"]["model"]["window"] == (8 if objective == "softmax" else 5)


@pytest.mark.parametrize("objective", ["negative-sampling", "softmax"])
def test_vectors_go_on_by_the_objective_that_they_were_trained_by(text, objective):
    values = {name: of for name, of in SMALL.items() if name not in ("objective", "prior")}
    first = skipgram.train(text, objective=objective, **values)
    second = skipgram.train(text, continue_from=first, **values)
    assert second.about["settings"]["model"]["objective"] == objective


@pytest.mark.parametrize(
    ("given", "objective"),
    [({"epochs": 1}, "negative-sampling"), ({"sweeps": 1}, "softmax")],
)
def test_auto_follows_a_setting_that_only_one_objective_has(text, given, objective):
    values = {name: of for name, of in SMALL.items() if name not in ("objective", "prior")}
    vectors = skipgram.train(text, objective="auto", **given, **values)
    assert vectors.about["settings"]["model"]["objective"] == objective


def test_vectors_go_on_by_sweeps_on_new_text(text, tmp_path):
    first = skipgram.train(text, sweeps=6, **SMALL)
    new = tmp_path / "new.txt"
    new.write_text(two_topics(100).replace("sky3", "cloud"))
    second = skipgram.train(
        new, continue_from=first, add_words=True, sweeps=3,
        **{name: of for name, of in SMALL.items() if name != "min_count"}, min_count=1,
    )  # fmt: skip
    assert list(second.words[: len(first)]) == list(first.words)
    assert "cloud" in second
    # The new text has no such word; what its spelling says may have changed.
    sky3 = first.vocabulary.id("sky3")
    np.testing.assert_array_equal(second.center[sky3], first.center[sky3])
    assert second.most_similar("cloud")[0].word.startswith("sky")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupted_training_goes_on_to_the_same_vectors(run, text, tmp_path):
    options = (
        "--objective", "softmax", "--min-count", "1", "--subsample", "0", "--embedding-dim", "64",
        "--sweeps", "600", "--tolerance", "0", "--prior", "1",
    )  # fmt: skip
    encoded = tmp_path / "corpus"
    skipgram.encode(text, encoded, min_count=1)
    log = tmp_path / "log.jsonl"
    started = subprocess.Popen(
        command("train", encoded, "-o", tmp_path / "v", *options, "--log", log),
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: log.is_file() and "sweep_end" in log.read_text(), process=started)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=60)
    assert started.returncode == 130, errors
    assert "stopped by SIGINT in sweep" in errors
    assert (tmp_path / "v.checkpoint" / "state.json").is_file()
    code, _, said = run("train", encoded, "-o", tmp_path / "v", *options, "--resume")
    assert code == 0, said
    assert not (tmp_path / "v.checkpoint").exists()
    code, _, said = run("train", encoded, "-o", tmp_path / "whole", *options)
    assert code == 0, said
    one, other = (skipgram.load(tmp_path / name) for name in ("v", "whole"))
    np.testing.assert_array_equal(one.center, other.center)
    np.testing.assert_array_equal(one.outside, other.outside)
