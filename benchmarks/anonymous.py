"""Memory that a process must have: its anonymous pages, unlike those mapped from files."""

import threading
import time
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.01


def anonymous_bytes() -> int:
    """Of this process, now (RssAnon)."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024


class Peak(threading.Thread):
    """The most anonymous memory that was seen."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0

    def run(self) -> None:
        while True:
            self.peak_bytes = max(self.peak_bytes, anonymous_bytes())
            time.sleep(SECONDS_BETWEEN_LOOKS)
