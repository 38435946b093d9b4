"""Writers in processes of their own, each stopped one line of code later than the one before."""

import subprocess
import sys
from pathlib import Path

STOPPED_AT_EVERY_LINE = """
import atexit, os, shutil, signal, sys
from pathlib import Path
from skipgram.system import file_pairs, files, machine, temporary

signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # as commands do

if sys.argv[4] == "two steps":
    machine.renameat2 = None

os.fsync = lambda descriptor: None  # the disk is not what is lost

replaces = sys.argv[3] == "replacing"

def write(result, text):
    if sys.argv[2] == "whole_file":
        with files.whole_file(result, overwrite=replaces) as file:
            file.write(text)
            file.flush()
    elif sys.argv[2] == "whole_pair":
        with file_pairs.whole_pair(result, beside, overwrite=replaces) as (one, other):
            one.write(text)
            other.write(text)
    else:
        with files.whole_folder(result, overwrite=replaces) as new:
            (new / "a").write_bytes(text)
            (new / "b").write_bytes(text)

def beside(result):
    return result.with_name("beside")

own = (file_pairs.__file__, files.__file__, temporary.__file__, shutil.__file__)

def tracing(lines_left):
    def trace(frame, event, argument):
        nonlocal lines_left
        if frame.f_code.co_filename not in own:
            return None
        lines_left -= event == "line"
        if not lines_left:
            os.kill(os.getpid(), signal.Signals[sys.argv[5]])
        return trace
    return trace

number = 0
while True:
    number += 1
    place = Path(sys.argv[1]) / str(number)
    place.mkdir()
    if replaces:
        write(place / "result", b"old")
    child = os.fork()
    if not child:
        try:
            sys.settrace(tracing(number))
            write(place / "result", b"new")
            os._exit(0)
        except SystemExit:
            sys.settrace(None)
            atexit._run_exitfuncs()
            os._exit(1)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def stopped(tmp_path: Path, whole: str, before: str, renames: str, by: str) -> list[Path]:
    """Folders in which "result" was written, stopped at the first line, the second, ....

    Parameters
    ----------
    tmp_path
        Where the folders are made.
    whole
        What writes: whole_file, whole_folder or whole_pair (with "beside").
    before
        nothing, or replacing: what is old there holds "old", and what is written "new".
    renames
        one step, or two steps, as where the system cannot exchange and refuse.
    by
        The signal; after SIGTERM the process ends as commands do.

    """
    run = [sys.executable, "-c", STOPPED_AT_EVERY_LINE, str(tmp_path), whole, before]
    subprocess.run([*run, renames, by], check=True)
    return in_order(tmp_path)


def in_order(tmp_path: Path) -> list[Path]:
    """The folders that `stopped` made, by the line at which the write was stopped."""
    places = sorted(tmp_path.iterdir(), key=lambda place: int(place.name))
    assert len(places) > 20
    return places
