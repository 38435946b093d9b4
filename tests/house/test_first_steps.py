"""The notebook of the first steps runs in a new kernel, and shows what it promises."""

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

import skipgram

NOTEBOOK = Path(__file__).parents[2] / "examples" / "first_steps.ipynb"
NEEDED = ("nbclient", "ipykernel")
RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
nbformat.validate(notebook)
NotebookClient(notebook, timeout=600, kernel_name="python3", allow_errors=True).execute()
nbformat.write(notebook, sys.argv[2])
"""


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = code_cells(NOTEBOOK)
    assert len(cells) > 10
    for cell in cells:
        assert cell["outputs"] == [], source(cell)
        assert cell["execution_count"] is None


def python_with_kernel(place: Path) -> Path:
    """This Python, or one beside its packages that can run notebooks."""
    if all(importlib.util.find_spec(name) for name in NEEDED):
        return Path(sys.executable)
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--only-binary", ":all:", *NEEDED],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if installed.returncode:
        pytest.skip(f"{' and '.join(NEEDED)} cannot be installed here: {installed.stderr[-500:]}")
    (packages,) = place.glob("lib/*/site-packages")
    ours = sysconfig.get_path("purelib")
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return python


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The cells with code after a run in a new kernel."""
    place = tmp_path_factory.mktemp("notebook")
    python = python_with_kernel(place / "venv")
    folders = {name: str(place) for name in ("TMPDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    package = str(Path(skipgram.__file__).parents[1])
    done = subprocess.run(
        [python, "-c", RUN, NOTEBOOK, place / "done.ipynb"],
        env=os.environ | folders | {"PYTHONPATH": package},
        cwd=place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return code_cells(place / "done.ipynb")


def shown(cells: list[dict[str, Any]], needle: str) -> dict[str, str]:
    """What the one cell with that code shows, by kind of output; printed text is "printed"."""
    (cell,) = [cell for cell in cells if needle in source(cell)]
    told: dict[str, str] = {}
    for output in cell["outputs"]:
        pieces = output.get("data") or {"printed": output.get("text", "")}
        for kind, text in pieces.items():
            told[kind] = told.get(kind, "") + "".join(text)
    return told


@pytest.mark.slow
def test_no_cell_of_the_notebook_ends_in_an_error_or_a_warning(executed) -> None:
    for cell in executed:
        for output in cell["outputs"]:
            assert output["output_type"] != "error", "\n".join(output["traceback"])
            assert output.get("name") != "stderr", f"{source(cell)}\n{output['text']}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("needle", "kind", "text"),
    [
        ("skipgram.train(nouns", "printed", "trained in "),
        ("skipgram.train(nouns", "text/html", "5,000 words × 100 numbers"),
        ('most_similar("violin", k=5)', "text/html", ">viola</td>"),
        ('most_similar("River"', "text/html", "River as river"),
        ("vectors.analogy", "text/html", ">wine</td>"),
        ("most_similar_each", "printed", "disease: "),
        ("doesnt_match", "text/plain", "'soup'"),
        ("vectors.tokenize", "text/plain", "'violins', 'two', 'old'"),
        ("can_spell", "printed", "False True"),
        ("can_spell", "text/html", "made from the spelling: violinists"),
        ("skipgram.evaluate", "text/html", "WordSim-353"),
        ("skipgram.load", "text/html", ">viola</td>"),
        ("skipgram.align", "text/html", "from 2,000 anchors"),
        ("alignment.changes", "text/html", ">gained</th>"),
    ],
)
def test_the_notebook_shows_what_it_promises(executed, needle: str, kind: str, text: str) -> None:
    assert text in shown(executed, needle)[kind]


@pytest.mark.slow
def test_the_notebook_shows_a_map_or_says_what_to_install(executed) -> None:
    told = shown(executed, "skipgram.word_map")
    if all(importlib.util.find_spec(name) for name in ("matplotlib", "sklearn")):
        assert told["image/png"]
    else:
        assert "skipgram[plots]" in told["printed"]
