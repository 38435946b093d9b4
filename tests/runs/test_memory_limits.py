"""Under a limit on its memory a command does its work, or says in one line that it cannot."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

resource = pytest.importorskip("resource", reason="limits as on POSIX systems")

COMMANDS = {
    "cooccurrence": ["-o", "counts", "--threads", "16"],
    "train": ["-o", "vectors", "--threads", "16", "--embedding-dim", "8", "--epochs", "1"],
    "vocabulary": ["--threads", "16"],
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits as on Linux")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["v", "d"])
@pytest.mark.parametrize("megabytes", [150, 400, 600, 800, 1200])
def test_a_command_works_or_says_in_one_line_what_is_missing(
    tmp_path: Path, command: str, flag: str, megabytes: int
) -> None:
    words = np.random.default_rng(1).integers(200, size=(500, 12)).astype(str)
    (tmp_path / "text").write_text("\n".join(map(" ".join, words.tolist())))
    arguments = [sys.executable, "-m", "skipgram", command, "text", *COMMANDS[command]]
    ended = subprocess.run(
        ["bash", "-c", f'ulimit -{flag} {megabytes << 10}; exec "$@"', "_", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=50,
    )
    last_line = ended.stderr.splitlines()[-1]
    assert ended.returncode == 0 or (
        ended.returncode == 1 and last_line.startswith("skipgram: ") and "limit" in last_line
    ), (ended.returncode, ended.stderr[-1000:])
    assert ended.returncode == (megabytes < 400) or 400 <= megabytes < 800
