"""Write constraints.txt: the newest versions that the package's bounds allow, once the tests pass.

    python tools/make_constraints.py

Everything is installed without constraints into a fresh environment, and the default suite is run
there. Only if it passes is the file replaced.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "constraints.txt"
EXTRAS = "dev,bench,docs"
UNPINNED = ("certifi",)
"""Certificates should be the newest, whatever the tests ran with."""
HEADER = """\
# The versions with which the tests passed, on Python {version}. `make demo`, `make test` and CI
# install by them; `make constraints` renews them. The package's own bounds are in pyproject.toml.
"""


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        print("installing the newest versions ...", flush=True)
        run(python, "-m", "pip", "install", "--quiet", "--editable", f".[{EXTRAS}]")
        frozen = run(python, "-m", "pip", "freeze", "--exclude-editable")
        versions = [
            line for line in frozen.splitlines() if "==" in line and not line.startswith(UNPINNED)
        ]
        print(f"{len(versions)} packages; running the tests ...", flush=True)
        subprocess.run(
            [python, "-m", "pytest", "-q", "-m", "not slow", "-n", "2"], cwd=ROOT, check=True
        )
    header = HEADER.format(version=f"{sys.version_info.major}.{sys.version_info.minor}")
    TARGET.write_text(header + "".join(f"{line}\n" for line in versions))
    print(f"wrote {TARGET.name}")


if __name__ == "__main__":
    main()
