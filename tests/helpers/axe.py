"""axe-core, which finds faults of accessibility: from a package of pip or npm, where there is."""

import importlib.util
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

PACKAGES = (
    "axe_playwright_python",
    "axe_core_python",
)  # each holds axe.min.js; neither is imported


@cache
def axe_script(folder: Path) -> str | None:
    for name in PACKAGES:
        found = importlib.util.find_spec(name)
        if found and found.origin:
            return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if not npm:
        return None
    packed = subprocess.run(
        [npm, "pack", "--silent", "axe-core"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if packed.returncode:
        return None
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        file = archive.extractfile("package/axe.min.js")
        assert file is not None
        with file:
            return file.read().decode()
