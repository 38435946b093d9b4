"""The user's folder for what can be made again, and a bound on what is left there."""

import os
import sys
from contextlib import suppress
from pathlib import Path

_NAME = "skipgram"


def cache_folder() -> Path | None:
    """Where this user's programs keep what they can make again; None for a user without a home.

    Source: https://specifications.freedesktop.org/basedir-spec/, by which a relative path there
    counts for nothing.
    """
    given = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117  # which takes the text as it is
        return Path(given) / _NAME
    try:
        home = Path.home()
    except RuntimeError:
        return None
    usual = {"win32": "AppData/Local", "darwin": "Library/Caches"}.get(sys.platform, ".cache")
    return home / usual / _NAME


def drop_oldest(folder: Path, most_bytes: int) -> None:
    """Remove the files that have not been used for longest, until no more bytes are left."""
    found = []
    with suppress(OSError):
        for file in folder.iterdir():
            with suppress(OSError):  # another process has just removed it
                looked = file.lstat()
                found.append((looked.st_mtime_ns, looked.st_size, file))
    total = sum(size for _, size, _ in found)
    for _, size, file in sorted(found):
        if total <= most_bytes:
            return
        with suppress(OSError):
            file.unlink()
            total -= size


def mark_used(file: Path) -> None:
    """Let a file count as used now."""
    with suppress(OSError):
        os.utime(file)
