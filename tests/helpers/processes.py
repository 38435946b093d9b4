"""Waiting until another process or thread has done what can be seen from outside."""

import subprocess
import threading
import time
from collections.abc import Callable

LOOKS_EVERY_SECONDS = 0.005


def wait_until(
    is_so: Callable[[], bool], seconds: float = 60.0, process: subprocess.Popen[str] | None = None
) -> None:
    """Return once the condition holds; raise if the time is up, or the process ends, before."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it did not become so within {seconds} s"
        if process is not None:
            assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(LOOKS_EVERY_SECONDS)


def threads_named(start: str) -> list[threading.Thread]:
    """The running threads whose names begin so."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(start)]
