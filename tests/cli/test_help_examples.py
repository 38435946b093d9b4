"""The help of `train` ends with examples, which work as they are shown."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import skipgram
from helpers.command_line import run
from skipgram.cli.commands.train import EXAMPLES

COMMANDS = [line for line in EXAMPLES.split("\n\n") if line.startswith("skipgram ")]


@pytest.mark.parametrize("rich", ["0", "1"])
def test_the_help_of_training_ends_with_examples(rich: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "skipgram", "train", "--help"],
        env=os.environ | {"TYPER_USE_RICH": rich, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.strip() for line in shown.splitlines()]
    assert [line for line in lines if line.startswith("skipgram ")] == COMMANDS
    assert lines.index(COMMANDS[0]) > len(lines) - 12


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_of_training_can_be_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("novel.txt").write_text('"The Moon!" cried Tom. The moon rose.\n' * 200)
    Path("tokens.txt").write_text("the moon rose\n" * 200)
    small = ["--embedding-dim", "8", "--subsample", "0"]
    assert run(monkeypatch, *shlex.split(command)[1:], *small) == 0
    assert {"the", "moon", "rose"} <= set(skipgram.load("vectors").words)


def test_there_is_an_example_for_prose_and_one_for_tokens() -> None:
    assert len(COMMANDS) == 2
    assert ["--tokenizer words" in command for command in COMMANDS] == [True, False]
