"""What is published: it is built whole, its description is sound, and it needs no compiler."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

import skipgram

ROOT = Path(__file__).parents[2]
TOOLS = ("build", "twine", "check-wheel-contents")
MINORS = range(11, 15)
SCRIPT = """
import sys, skipgram
lines = [["sun", "moon", "star"], ["pot", "pan", "spoon"]] * 100
for objective in ("negative-sampling", "softmax"):
    skipgram.train(
        iter(lines), sys.argv[1], overwrite=True, objective=objective, embedding_dim=8,
        min_count=1, subsample=0,
    )
    assert skipgram.load(sys.argv[1]).most_similar("sun", k=2)[0].word in {"moon", "star"}
assert skipgram.evaluate(sys.argv[1])
assert skipgram.demo_corpus().is_file()
print(skipgram.__version__)
"""

pytestmark = [pytest.mark.slow]


def run(*command: object, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Python with the tools that build and check."""
    place = tmp_path_factory.mktemp("tools")
    venv.create(place, with_pip=True)
    pip = [place / "bin" / "python", "-m", "pip", "install", "--quiet", *TOOLS]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the tools cannot be installed here: {done.stderr[-500:]}")
    return place / "bin"


@pytest.fixture(scope="module")
def built(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the source distribution, and of the wheel that was built from it."""
    source, dist = tmp_path_factory.mktemp("source") / "skipgram", tmp_path_factory.mktemp("dist")
    # A copy, so that building leaves nothing in the tree; and without what the tree ignores.
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".*", "__pycache__", "site", "dist", "build")
    )
    shutil.copy(ROOT / ".gitignore", source)
    run(tools / "python", "-m", "build", "--outdir", dist, source)
    return dist


def only(files: Iterable[Path]) -> Path:
    (file,) = files
    return file


def test_the_package_is_described_and_cut_as_the_index_wants_it(tools: Path, built: Path) -> None:
    files = sorted(built.iterdir())
    assert [file.name for file in files] == [
        f"skipgram-{skipgram.__version__}-py3-none-any.whl",
        f"skipgram-{skipgram.__version__}.tar.gz",
    ]
    run(tools / "python", "-m", "twine", "check", "--strict", *files)
    # W002: the notices of the data lie beside it, and where the index looks for licences.
    run(tools / "check-wheel-contents", "--ignore", "W002", files[0])


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(only(built.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
        notices = [name for name in wheel.namelist() if "/licenses/" in name]
    package = ROOT / "src"
    ours = {
        str(file.relative_to(package))
        for file in package.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and ".egg-info" not in str(file)
    }
    assert packed == ours
    assert "skipgram/py.typed" in packed
    assert len(notices) == 3  # ours, and those of the data that ships


def test_the_sources_hold_the_tests_and_the_documentation(built: Path) -> None:
    with tarfile.open(only(built.glob("*.tar.gz"))) as sources:
        names = {name.partition("/")[2] for name in sources.getnames()}
    for wanted in (
        "README.md",
        "docs/python.md",
        "examples/README.md",
        "tests/house/test_package.py",
        "benchmarks/texts.py",
        "src/skipgram/py.typed",
    ):
        assert wanted in names
    assert not [name for name in names if name.endswith(".pyc") or name.startswith(".venv")]


def pythons() -> list[str]:
    """Every Python that the package is for and that is here."""
    found = [shutil.which(f"python3.{minor}") for minor in MINORS]
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found += [str(file) for m in MINORS for file in root.glob(f"versions/*/bin/python3.{m}")]
    by_version: dict[str, str] = {}
    for python in [sys.executable, *filter(None, found)]:
        command = [python, "-c", "import sys, ensurepip; print(*sys.version_info[:2])"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            by_version.setdefault(done.stdout.strip(), python)
    return list(by_version.values())


@pytest.mark.parametrize("python", pythons())
def test_the_wheel_installs_and_works_without_a_compiler(
    python: str, built: Path, tmp_path: Path
) -> None:
    run(python, "-m", "venv", tmp_path / "venv")
    binaries = tmp_path / "venv" / "bin"
    wheel = only(built.glob("*.whl"))
    pip = [binaries / "python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
    run(*pip, wheel, CC="false", CXX="false")
    version = run(binaries / "python", "-c", SCRIPT, tmp_path / "vectors", CC="false")
    assert version.strip() == skipgram.__version__
    assert run(binaries / "skipgram", "--version").split() == ["skipgram", skipgram.__version__]
