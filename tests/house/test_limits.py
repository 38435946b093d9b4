"""No test can hang or take all memory, and each run of the suite draws the same examples."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def outcome(tmp_path: Path, test: str, *options: str, **environment: str) -> str:
    """What pytest says of one test under this suite's settings."""
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(test)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", tmp_path,
         "-p", "no:cacheprovider", *options, tmp_path / "test_it.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=50, env=environment,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_a_test_that_hangs_fails_and_the_others_go_on(tmp_path):
    hanging = "def test_hangs():\n    while True: pass\n\ndef test_ends(): pass\n"
    said = outcome(tmp_path, hanging, "-o", "timeout=0.5")
    assert "Timeout (>0.5s)" in said
    assert "1 failed, 1 passed" in said


def test_a_test_that_no_signal_can_interrupt_ends_the_suite_and_says_where(tmp_path):
    deaf = (
        "import signal, time\ndef test_is_deaf():\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n    time.sleep(40)\n"
    )
    said = outcome(tmp_path, deaf, "-o", "timeout=0.2", "-o", "faulthandler_timeout=1")
    assert "Timeout (0:00:01)!" in said
    assert "in test_is_deaf" in said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds memory so")
def test_a_test_that_takes_all_memory_fails(tmp_path):
    said = outcome(tmp_path, "def test_grows():\n    bytearray(1 << 33)\n")
    assert "MemoryError" in said


LAW = """
from hypothesis import given, settings, strategies as st
drawn = []

@settings(max_examples=20)
@given(st.integers(0, 10**12))
def test_law(number):
    drawn.append(number)

def test_tell():
    print("\\ndrawn", len(drawn), sum(drawn) % 1000)
"""


def test_the_default_suite_draws_the_same_examples_each_time_and_a_wide_one_more_and_others(
    tmp_path,
):
    told = []
    for environment in ({}, {}, {"SKIPGRAM_EXAMPLES": "200"}, {"SKIPGRAM_EXAMPLES": "200"}):
        options = "-s", "-p", "no:randomly", "-o", "addopts="
        said = outcome(tmp_path, LAW, *options, **environment)
        told += re.findall(r"drawn (\d+) (\d+)", said)
    (first, again), (wide, wide_again) = told[:2], told[2:]
    assert first == again
    assert first[0] == "20"
    assert wide[0] == wide_again[0] == "200"
    assert wide != wide_again
