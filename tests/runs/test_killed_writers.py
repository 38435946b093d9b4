"""Commands that are killed, or meet each other at one output: a few of a benchmark's hundreds."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "killed_writers.py"


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.skipif(sys.platform != "linux", reason="processes that fork")
@pytest.mark.parametrize("options", [[], ["--two-steps"], ["--by", "SIGTERM"]], ids=" ".join)
def test_commands_that_are_killed_or_meet_leave_the_old_result_or_the_new_one(options):
    pytest.importorskip("faiss")
    run = [sys.executable, BENCHMARK, "--kills", "20", "--rounds", "6", *options]
    done = subprocess.run(run, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.count("\nall ") == 2
