"""What a process that trains tells the one that waits for it: lines on its standard error stream.

fastText's C++ tells the same of its own: so its words are the ones in use.
"""

import sys
from typing import NoReturn

BEGUN, HAS_READ, DONE = "Begun", "Number of words", "Done"
"""How the lines begin that say so: the clock starts, the text is read, the clock stops."""
PROGRESS = "Progress: "


def tell(line: str) -> None:
    """One line, at once."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def tell_progress(share: float) -> None:
    """As fastText does, in hundredths."""
    tell(f"{PROGRESS}{share:.1%}")


def fail(reason: str) -> NoReturn:
    """End with a reason, the last line that is told."""
    tell(reason)
    sys.exit(1)
