"""Installed where nothing can be written, without any folder for a cache, everything still runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "skipgram"

SCRIPT = """
import sys, pathlib, skipgram
package = pathlib.Path(skipgram.__file__).parent
assert package == pathlib.Path(sys.argv[1]), package
try:
    (package / "probe").touch()
except OSError:
    pass
else:
    sys.exit("the installation can be written to: this test would prove nothing")
vectors = skipgram.train(sys.argv[2], sys.argv[3], embedding_dim=8, min_count=1, subsample=0)
print(skipgram.load(sys.argv[3]).most_similar("sun", k=1)[0].word)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="permissions and mounts as on POSIX systems")
def test_a_read_only_installation_trains_and_answers(tmp_path: Path) -> None:
    site, text = tmp_path / "site", tmp_path / "text.txt"
    shutil.copytree(PACKAGE, site / "skipgram", ignore=shutil.ignore_patterns("__pycache__"))
    text.write_text("sun moon star\n" * 200)
    command = [
        sys.executable, "-c", SCRIPT, str(site / "skipgram"), str(text), str(tmp_path / "vectors"),
    ]  # fmt: skip
    if os.geteuid() == 0:  # permissions do not bind the superuser, a read-only mount does
        mount = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", mount, "sh", str(site), *command]
        if subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0:
            pytest.skip("this superuser may not mount")
    else:
        for path in [site, *site.rglob("*")]:
            path.chmod(path.stat().st_mode & ~0o222)
    nowhere = {"HOME": "/proc", "XDG_CACHE_HOME": "/proc/none", "PYTHONPATH": str(site)}
    done = subprocess.run(
        command, env={"PATH": os.environ["PATH"]} | nowhere, capture_output=True, text=True,
        check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in {"moon", "star"}
