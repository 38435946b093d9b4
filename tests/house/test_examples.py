"""Each example runs as it is, in an empty folder, and its types are right for those who check."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))


def test_the_list_of_examples_is_whole() -> None:
    listed = (FOLDER / "README.md").read_text()
    assert EXAMPLES
    for example in [*EXAMPLES, *FOLDER.glob("*.ipynb")]:
        assert f"]({example.name})" in listed


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_runs_without_arguments_in_an_empty_folder(
    example: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, example], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_mypy_finds_no_error_in_users_code(tmp_path: Path) -> None:
    # Away from the project's settings, which are for the package's own code.
    # Other libraries may have no types.
    flags = ["--strict", "--config-file=", "--disable-error-code=import-untyped"]
    command = [sys.executable, "-m", "mypy", *flags, *EXAMPLES]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_pyright_finds_no_error_in_users_code(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    pip = [binaries / "python", "-m", "pip", "install", "--quiet", "pyright"]
    installed = subprocess.run(pip, capture_output=True, text=True, check=False)
    command = [binaries / "pyright", "--pythonpath", sys.executable, *EXAMPLES]
    done = (
        subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        if (installed.returncode == 0)
        else installed
    )
    # It fetches itself and Node from elsewhere: where that fails, nothing is said of the types.
    if "errors," not in done.stdout:
        pytest.skip(f"pyright cannot be had here: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stdout + done.stderr
