"""A worker killed, one stopped, and the driver killed, at random moments of whole trainings."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "cluster_faults.py"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_faults_at_random_moments_change_no_bit_and_leave_nothing():
    done = subprocess.run(
        [sys.executable, SCRIPT, "--faults", "3", "--kinds", "kill,stop,driver"],
        check=False,
        capture_output=True,
        text=True,
        timeout=580,
    )
    assert done.stdout.endswith("3 of 3 as on one machine\n"), done.stdout + done.stderr
    assert done.returncode == 0
