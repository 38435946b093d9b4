"""The examples of these pages run as printed: in the page's order, in one folder for each page.

A `python` block sees the names of the blocks before it; one that begins with the comment
`# name.py` is saved under that name instead. A `text` block right after a `python` block is what
it prints. A `sh` block stops at its first failure. What cannot run here is `text` in the page.
"""

import contextlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import skipgram

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(
    r"^```(python|sh)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL
)
OWN_FILE = re.compile(r"# (\w+\.py)\n")
PORT = "8765"
"""What the pages print; a free one takes its place here."""
REVIEWS = ("a gripping film with a warm heart", "The plot is thin , but the cast is superb .")
TREEBANK = "".join(f"{n}\t{REVIEWS[n % 2]}\n" for n in range(1, 201))
GIVEN = {"course": {"datasetSentences.txt": "sentence_index\tsentence\n" + TREEBANK}}
"""What a page takes for the reader's own."""


def examples(page: str) -> list[tuple[str, str, str]]:
    """Language, code and expected output of each block."""
    return BLOCK.findall((DOCS / f"{page}.md").read_text(encoding="utf-8"))


def run_python(code: str, names: dict[str, Any], output: str) -> None:
    if saved := OWN_FILE.match(code):
        Path(saved[1]).write_text(code, encoding="utf-8")
        return
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "example", "exec"), names)
    if output:
        assert printed.getvalue() == output, code


def run_shell(code: str, binaries: Path) -> None:
    source = str(Path(skipgram.__file__).parents[1])
    paths = {"PATH": f"{binaries}:{os.environ['PATH']}", "PYTHONPATH": source}
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", code], env=os.environ | paths, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    ) as shell:  # fmt: skip
        try:
            said = shell.communicate(timeout=200)[0]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)  # a server that the block left behind
    assert shell.returncode == 0, f"{code}\n{said}"


@pytest.fixture
def binaries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the commands `python` and `skipgram` of this interpreter."""
    folder = tmp_path_factory.mktemp("binaries")
    for name, arguments in (("python", ""), ("skipgram", "-m skipgram ")):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        (folder / name).chmod(0o755)
    return folder


def free_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the pages' commands are those of a POSIX shell")
@pytest.mark.parametrize("page", ["course", "sequences", "serving"])
def test_the_examples_of_a_page_run_as_printed(page, binaries, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if page == "serving":
        pytest.importorskip("faiss", reason="the page builds an index")
    for name, text in GIVEN.get(page, {}).items():
        Path(name).write_text(text, encoding="utf-8")
    port, names = free_port(), {"__name__": "example"}
    for language, code, output in examples(page):
        if language == "python":
            run_python(code, names, output)
        elif "curl" not in code or shutil.which("curl"):
            run_shell(code.replace(PORT, port), binaries)


@pytest.mark.parametrize("page", ["course", "sequences", "serving"])
def test_a_page_has_examples(page):
    assert {language for language, _, _ in examples(page)} == {"python", "sh"}
