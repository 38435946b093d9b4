"""A checkpoint gives back what was saved, or says what is wrong; the last whole one stays."""

import errno
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.small_checkpoints import (
    CORPUS,
    DIM,
    assert_is_whole,
    identity,
    load,
    saved_checkpoint,
    some_parameters,
    some_state,
)
from helpers.small_trainings import WORDS, files_in, some_corpus
from skipgram.errors import FormatError, SettingsError, SkipgramError
from skipgram.settings import Settings
from skipgram.system import files
from skipgram.training import checkpoint
from skipgram.training.checkpoint import STATE, Identity
from skipgram.training.negative_sampling.task import Loss
from skipgram.training.negative_sampling.trainer import State
from skipgram.training.parameters import Parameters
from skipgram.training.passes import Best


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved_checkpoint(tmp_path)


def test_the_parameters_of_another_checkpoint_are_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.checkpoint"
    checkpoint.save(other, identity(), some_state(), some_parameters(2))
    (name,) = (file.name for file in other.glob("parameters-*"))
    (folder / name).write_bytes((other / name).read_bytes())
    with pytest.raises(FormatError) as caught:
        load(folder)
    assert str(caught.value) == (
        f"{folder / name} is damaged, or does not belong to its state.json; start anew with "
        "overwrite=True instead of resume=True"
    )


def test_a_checkpoint_without_a_checksum_is_one_of_an_earlier_release(folder: Path) -> None:
    about = json.loads((folder / STATE).read_text())
    del about["parameters_crc32"]
    (folder / STATE).write_text(json.dumps(about))
    load(folder)


def change(folder: Path, **values: Any) -> None:
    file = folder / STATE
    about = json.loads(file.read_text()) | values
    file.write_text(json.dumps({name: value for name, value in about.items() if value is not None}))


# There and back


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 4), finite, finite, st.booleans())
def test_what_is_loaded_is_what_was_saved_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, epoch: int, loss: float, seconds: float, waits: bool
) -> None:
    folder = tmp_path_factory.mktemp("a") / "out.checkpoint"
    state, parameters, best = some_state(epoch), some_parameters(), some_parameters(2)
    state = replace(state, loss=Loss(loss, 1, 2), seconds=seconds)
    if waits and epoch:
        state.best = Best(epoch, best.V, best.U)
    checkpoint.save(folder, identity(), state, parameters)
    loaded, read = load(folder)
    np.testing.assert_array_equal(read.V, parameters.V)
    np.testing.assert_array_equal(read.U, parameters.U)
    assert read.embedding_dim == DIM
    assert replace_best(loaded) == replace_best(state)
    assert (loaded.best is None) == (state.best is None)
    if loaded.best is not None:
        assert loaded.best.number == epoch
        np.testing.assert_array_equal(loaded.best.V, best.V)
        np.testing.assert_array_equal(loaded.best.U, best.U)


def replace_best(state: State) -> dict[str, Any]:
    return {**vars(state), "best": None}


def test_a_later_checkpoint_takes_the_place_of_an_earlier_one(folder: Path) -> None:
    for number in (2, 3):
        checkpoint.save(folder, identity(), some_state(number), some_parameters(number))
        assert files_in(folder) == [f"parameters-{number}.safetensors", STATE]
    assert load(folder)[0].epoch == 3
    assert_is_whole(folder, seed=3)


def test_how_the_machine_is_used_may_change(folder: Path) -> None:
    assert load(folder, identity(threads=7, checkpoint_minutes=0.5))[0].done == 17


# What it does not belong to


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"window": 7}, "window was 5 and is 7"),
        ({"seed": 9, "schedule": "cosine"}, "schedule was 'linear' and is 'cosine'; seed was 1"),
        ({"epochs": 6}, "epochs was 5 and is 6"),
        ({"deterministic": True}, "deterministic was False and is True"),
    ],
)
def test_other_settings_are_refused_by_name(
    folder: Path, values: dict[str, Any], found: str
) -> None:
    with pytest.raises(SettingsError, match=found) as caught:
        load(folder, identity(**values))
    assert "start anew with overwrite=True instead of resume=True" in str(caught.value)
    assert_is_whole(folder)


def test_a_setting_that_is_not_in_the_checkpoint_is_one_that_differs(folder: Path) -> None:
    about = json.loads((folder / STATE).read_text())
    del about["settings"]["model"]["window"]
    change(folder, settings=about["settings"])
    with pytest.raises(SettingsError, match="window was None and is 5"):
        load(folder)


@pytest.mark.parametrize(
    ("corpus", "found"),
    [
        (some_corpus([3000, 2, 1501]), "tokens was 4,502 and is 4,503"),
        (some_corpus([3000, 2, 1500], seed=2), "checksum was"),
        (some_corpus([2, 3000, 1500]), "checksum was"),
    ],
)
def test_another_corpus_is_refused(folder: Path, corpus: Any, found: str) -> None:
    other = Identity.of(corpus, Settings.of(embedding_dim=DIM))
    with pytest.raises(SettingsError, match=f"is a checkpoint of another corpus: {found}"):
        load(folder, other)
    assert_is_whole(folder)


def test_another_word_or_another_count_is_another_corpus() -> None:
    words = [*CORPUS.vocabulary.words]
    counts = CORPUS.vocabulary.counts.copy()
    counts[0] += 1
    vocabulary = type(CORPUS.vocabulary)
    others = [
        replace(CORPUS, vocabulary=vocabulary(words, counts)),
        replace(CORPUS, vocabulary=vocabulary(["other", *words[1:]], CORPUS.vocabulary.counts)),
    ]
    of = {Identity.of(corpus, Settings()).checksum for corpus in (CORPUS, *others)}
    assert len(of) == 3


# Damage


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated parameters": (
        lambda folder: truncate(folder / "parameters-1.safetensors"),
        "parameters-1.safetensors is damaged or truncated: it has ",
    ),
    "empty parameters": (
        lambda folder: (folder / "parameters-1.safetensors").write_bytes(b""),
        "parameters-1.safetensors is damaged or truncated: its header would have",
    ),
    "no parameters": (
        lambda folder: (folder / "parameters-1.safetensors").unlink(),
        "parameters-1.safetensors does not exist",
    ),
    "truncated state": (lambda folder: truncate(folder / STATE), "is not the state of a training"),
    "empty state": (lambda folder: (folder / STATE).write_bytes(b""), "is not the state of a"),
    "no state": (lambda folder: (folder / STATE).unlink(), "state.json does not exist"),
    "a state that waits": (
        lambda folder: ((folder / STATE).unlink(), os.mkfifo(folder / STATE)),
        "state.json is a named pipe, not a regular file",
    ),
    "parameters that wait": (
        lambda folder: (
            (folder / "parameters-1.safetensors").unlink(),
            os.mkfifo(folder / "parameters-1.safetensors"),
        ),
        "parameters-1.safetensors is a named pipe, not a regular file",
    ),
    "not JSON": (lambda folder: (folder / STATE).write_text("hello"), "is not the state of a"),
    "deep JSON": (lambda folder: (folder / STATE).write_text("[" * 10**5), "is not the state of"),
    "other JSON": (
        lambda folder: (folder / STATE).write_text("[]"),
        "it is not a JSON object",
    ),
    "another version": (
        lambda folder: change(folder, format_version=1, skipgram_version="0.9"),
        "format version 1, written by skipgram 0.9; this skipgram reads version 3",
    ),
    "no settings": (lambda folder: change(folder, settings=[]), "state.json is damaged ("),
    "no tokens": (lambda folder: change(folder, tokens=None), "state.json is damaged ("),
    "no progress": (lambda folder: change(folder, state=None), "state.json is damaged ("),
    "parameters elsewhere": (
        lambda folder: change(folder, parameters="../parameters-1.safetensors"),
        "is not the name of a parameters file",
    ),
    "more epochs than ends of epochs": (
        lambda folder: change(
            folder, state=json.loads((folder / STATE).read_text())["state"] | {"epoch": 3}
        ),
        "epoch 3 and 17 tokens of the next",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_named_and_nothing_is_lost(
    folder: Path, damage: tuple[Callable[[Path], object], str]
) -> None:
    do_it, found = damage
    do_it(folder)
    before = {name: (folder / name).read_bytes() for name in files_in(folder)}
    with pytest.raises(FormatError, match=re.escape(found)) as caught:
        load(folder)
    assert str(folder) in str(caught.value)
    assert "start anew with overwrite=True instead of resume=True" in str(caught.value)
    assert {name: (folder / name).read_bytes() for name in files_in(folder)} == before


def test_parameters_of_other_sizes_are_named(folder: Path) -> None:
    smaller = Parameters.initial(WORDS - 1, DIM, 1)
    checkpoint.save(folder, identity(), some_state(), smaller)
    with pytest.raises(FormatError, match=r"V has shape \(49, 8\), where \(50, 8\)"):
        load(folder)


# Writing


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("matrix", ["V", "U"])
def test_what_is_not_finite_is_never_written(folder: Path, matrix: str, number: float) -> None:
    parameters = some_parameters()
    getattr(parameters, matrix)[-1, DIM - 1] = number
    before = files_in(folder)
    with pytest.raises(SkipgramError, match=r"not finite, so .* keeps its last checkpoint"):
        checkpoint.save(folder, identity(), some_state(), parameters)
    assert files_in(folder) == before
    assert_is_whole(folder)


@pytest.mark.parametrize("full_at", [1, 2])
def test_on_a_full_disk_the_last_checkpoint_stays_and_room_is_not_lost_twice(
    folder: Path, full_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up(at: int) -> None:
        left = at

        def sync(descriptor: int) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(files.os, "fsync", sync)

    for _ in range(3):
        # Each file is synced, and then its folder.
        fill_up(2 * full_at - 1)
        with pytest.raises(SkipgramError, match="cannot be written: No space left on device"):
            checkpoint.save(folder, identity(), some_state(2), some_parameters(2))
        assert_is_whole(folder)
        assert len(files_in(folder)) <= 3
    monkeypatch.undo()
    checkpoint.save(folder, identity(), some_state(2), some_parameters(2))
    assert len(files_in(folder)) == 2
    assert_is_whole(folder, seed=2)


def test_a_kill_before_the_first_state_leaves_nothing_to_go_on_from(folder: Path) -> None:
    (folder / STATE).unlink()
    assert not checkpoint.exists(folder)
    checkpoint.save(folder, identity(), some_state(2), some_parameters(2))
    assert files_in(folder) == ["parameters-1.safetensors", STATE]
    assert_is_whole(folder, seed=2)


def test_a_state_that_was_lost_later_is_not_taken_for_a_beginning(folder: Path) -> None:
    checkpoint.save(folder, identity(), some_state(), some_parameters())
    (folder / STATE).unlink()
    assert checkpoint.exists(folder)
