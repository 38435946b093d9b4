"""The examples of the pages run as printed: in the page's order, in one folder for each page.

A `python` block sees the names of the blocks before it; one that begins with the comment
`# name.py` is saved under that name instead, and one with `>>>` gives what it says. A `text` block
right after a `python` block is what it prints. A `sh` block stops at its first failure. What
cannot run here is `text` in the page, or a command in `NOT_RUN`.
"""

import bz2
import contextlib
import doctest
import gzip
import io
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import skipgram

ROOT = Path(__file__).parents[2]
PAGES = {path.stem: path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
BLOCK = re.compile(
    r"^```(python|sh)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL
)
OWN_FILE = re.compile(r"# (\w+\.py)\n")
PORT = "8765"
"""What the pages print; a free one takes its place here."""
NOT_RUN = {
    "pip install .": "would change this installation",
    "pip install 'skipgram[sklearn]'": "would change this installation",
    "make demo": "installs into a clone of the repository",
    "make test": "would run this test",
    "tail -f run.jsonl": "ends only when its reader ends it",
    "tensorboard --logdir runs": "another tool, which serves until its reader ends it",
    "skipgram neighbors vectors goverment unhappyness": "no word of the drawn text is like them",
    "skipgram train corpus.txt --output long-run": "its reader interrupts it",
}
"""Commands that are left out, and why."""
NEEDED = {
    "corpora": ("pandas", "pyarrow"),
    "course": ("matplotlib", "sklearn"),
    "evaluation": ("matplotlib",),
    "explorer": ("openTSNE", "pyarrow"),
    "gensim": ("gensim",),
    "python": ("faiss", "matplotlib", "sklearn"),
    "scikit_learn": ("sklearn",),
    "serving": ("faiss",),
    "training": ("tensorboardX",),
}
"""Without these a page is skipped."""
TOOLS = ("curl", "unzip")
"""Without these a `sh` block that calls one is skipped."""

NAMED = "the fox dog king queen owl robin hawk oak pine maple gay cheerful small brown bird run"
WORDS = [*NAMED.split(), *(f"w{number}" for number in range(60))]


def prose(seed: int, lines: int = 500) -> str:
    draws = random.Random(seed)
    return "".join(" ".join(draws.choices(WORDS, k=8)) + ".\n" for _ in range(lines))


def vectors(seed: int, embedding_dim: int = 8) -> str:
    """In word2vec's text format."""
    draws = random.Random(seed)
    rows = [
        " ".join([word, *(f"{draws.gauss():.3f}" for _ in range(embedding_dim))]) for word in WORDS
    ]
    return "\n".join([f"{len(rows)} {embedding_dim}", *rows, ""])


def zipped(name: str, text: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(name, text)
    return archive.getvalue()


REVIEWS = ("a gripping film with a warm heart", "The plot is thin , but the cast is superb .")
TREEBANK = "".join(f"{n}\t{REVIEWS[n % 2]}\n" for n in range(1, 201))
CORPUS: dict[str, str | bytes] = {"corpus.txt": prose(1)}
GIVEN: dict[str, dict[str, str | bytes]] = {
    "README": CORPUS,
    "alignment": {"older-vectors": vectors(1), "newer-vectors": vectors(2)},
    "corpora": CORPUS
    | {
        "novel.txt": prose(2),
        "novel.txt.gz": gzip.compress(prose(2).encode()),
        "novel.zip": zipped("novel.txt", prose(2)),
        "books/one.txt": prose(3),
        "books/more/two.txt.bz2": bz2.compress(prose(4).encode()),
        "books/more/three.txt": prose(5),
        "reviews.csv": "stars,text\n" + "".join(f"5,{line}\n" for line in prose(6).split("\n")),
        "new.txt": prose(7) + "a comet and a comet\n" * 5,
    },
    "course": {"datasetSentences.txt": "sentence_index\tsentence\n" + TREEBANK},
    "evaluation": CORPUS,
    "explorer": {"older-vectors": vectors(1), "newer-vectors": vectors(2)},
    "gensim": {"c.txt": prose(1)},
    "python": CORPUS,
    "scikit_learn": {"my-vectors": vectors(1)},
    "softmax": CORPUS,
    "spelling": CORPUS | {"glove.6B.50d.txt": vectors(1).partition("\n")[2]},
    "training": CORPUS,
}
"""What a page takes for the reader's own."""


def give(page: str) -> None:
    for name, content in GIVEN.get(page, {}).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    if page == "gensim":
        Path("vectors.txt").write_text(vectors(1), encoding="utf-8")
        skipgram.load("vectors.txt").to_gensim().save("old.kv")


def examples(page: str) -> list[tuple[str, str, str]]:
    """Language, code and expected output of each block."""
    return BLOCK.findall(PAGES[page].read_text(encoding="utf-8"))


WITH_EXAMPLES = [page for page in PAGES if examples(page)]


def run_session(code: str, names: dict[str, Any]) -> None:
    """Lines that begin with `>>>`, and what each gives."""
    session = doctest.DocTestParser().get_doctest(code, {}, "session", None, None)
    session.globs = names
    said = io.StringIO()
    doctest.DocTestRunner(verbose=False).run(session, out=said.write, clear_globs=False)
    assert not said.getvalue(), said.getvalue()


def run_python(code: str, names: dict[str, Any], output: str) -> None:
    if saved := OWN_FILE.match(code):
        Path(saved[1]).write_text(code, encoding="utf-8")
        return
    if ">>> " in code:
        run_session(code, names)
        return
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "example", "exec"), names)
    if output:
        assert printed.getvalue() == output, code


def command(line: str) -> str:
    """Without the comment after it."""
    return re.sub(r"\s+#.*", "", line).strip()


def run_shell(code: str, binaries: Path) -> None:
    code = "\n".join(line for line in code.split("\n") if command(line) not in NOT_RUN)
    if any(tool in code and not shutil.which(tool) for tool in TOOLS):
        return
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
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # gensim's readers
@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_the_examples_of_a_page_run_as_printed(page, binaries, tmp_path, monkeypatch):
    for name in NEEDED.get(page, ()):
        pytest.importorskip(name, reason="the page's examples use it")
    monkeypatch.chdir(tmp_path)
    give(page)
    port, names = free_port(), {"__name__": "example"}
    for language, code, output in examples(page):
        if language == "python":
            run_python(code, names, output)
        else:
            run_shell(code.replace(PORT, port), binaries)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_is_run_or_is_plain_text(page):
    fences = re.findall(r"^\s*```(.*)$", PAGES[page].read_text(encoding="utf-8"), re.MULTILINE)
    languages = fences[::2]
    assert set(languages) <= {"python", "sh", "text"}
    assert len(examples(page)) == len(languages) - languages.count("text")


def test_the_commands_that_are_left_out_stand_on_a_page():
    lines = {
        command(line)
        for page in WITH_EXAMPLES
        for language, code, _ in examples(page)
        if language == "sh"
        for line in code.splitlines()
    }
    assert set(NOT_RUN) <= lines
