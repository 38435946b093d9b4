"""The lowest versions that the package's own bounds allow are enough for the main job."""

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOWEST_PYTHON = (3, 11)

SCRIPT = """
import sys, skipgram
vectors = skipgram.train(sys.argv[1], sys.argv[2], embedding_dim=8, min_count=1, subsample=0)
exact = skipgram.train(sys.argv[1], embedding_dim=8, min_count=1, subsample=0, objective="softmax")
assert vectors.most_similar("sun", k=1)[0].word in {"moon", "star"}
assert exact.most_similar_each(["sun", "moon"], k=1)
"""


def lowest_versions() -> dict[str, str]:
    """Of each dependency, by its name."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        dependencies = tomllib.load(file)["project"]["dependencies"]
    bounds = (re.fullmatch(r"([\w-]+)>=([\d.]+)", dependency) for dependency in dependencies)
    return {bound[1]: bound[2] for bound in bounds if bound}


def test_every_dependency_has_a_lower_bound_and_no_upper_one():
    with (ROOT / "pyproject.toml").open("rb") as file:
        dependencies = tomllib.load(file)["project"]["dependencies"]
    assert len(lowest_versions()) == len(dependencies) > 5


@pytest.mark.slow
@pytest.mark.skipif(sys.version_info[:2] != LOWEST_PYTHON, reason="they have wheels for 3.11 only")
def test_the_main_job_runs_with_the_lowest_versions(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    pinned = [f"{name}=={version}" for name, version in lowest_versions().items()]
    installed = subprocess.run(
        [binaries / "python", "-m", "pip", "install", "--only-binary", ":all:", *pinned, ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if installed.returncode and "CI" not in os.environ:
        pytest.skip(f"they cannot be installed here: {installed.stderr[-500:]}")
    assert installed.returncode == 0, installed.stderr
    text = tmp_path / "text.txt"
    text.write_text("sun moon star\n" * 200)
    for command in (
        [binaries / "python", "-c", SCRIPT, text, tmp_path / "first"],
        [
            binaries / "skipgram",
            "train",
            text,
            "-o",
            tmp_path / "second",
            "--min-count",
            "1",
            "--subsample",
            "0",
        ],
        [binaries / "skipgram", "neighbors", tmp_path / "second", "sun"],
        [binaries / "skipgram", "evaluate", tmp_path / "first"],
        [binaries / "skipgram", "train", "--help"],
    ):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
