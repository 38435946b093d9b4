"""The README's lines work as printed."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), flags=re.DOTALL)


@pytest.mark.slow
def test_the_python_lines_print_what_the_readme_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sessions = [block for block in blocks("python") if ">>>" in block]
    assert sessions, "the README has a session of Python lines"
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    for session in sessions:
        runner.run(parser.get_doctest(session, {}, "README", str(README), 0))
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.slow
def test_the_command_lines_run_as_the_readme_prints_them(tmp_path: Path) -> None:
    commands = [
        line.split("#")[0].strip()
        for block in blocks("sh")
        for line in block.splitlines()
        if line.startswith("skipgram ")
    ]
    assert commands, "the README has command lines"
    (tmp_path / "corpus.txt").write_text("the quick brown fox jumps over the lazy dog\n" * 500)
    rows = "".join(f"{word} {number} 1 -1\n" for number, word in enumerate(["the", "fox", "dog"]))
    (tmp_path / "glove.6B.50d.txt").write_text(rows)
    for command in commands:
        arguments = shlex.split(command)[1:]
        done = subprocess.run(
            [sys.executable, "-m", "skipgram", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
