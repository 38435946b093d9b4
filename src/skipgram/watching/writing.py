"""What a log says when it cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skipgram.errors import SkipgramError


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """A full disk or a missing folder is the user's to mend: one line of the error family."""
    try:
        yield
    except SkipgramError:
        raise
    except FileNotFoundError as error:
        raise SkipgramError(
            f"{path} cannot be written: there is no folder {path.parent}; make it first"
        ) from error
    except OSError as error:
        raise SkipgramError(f"{path} cannot be written: {error.strerror or error}") from error
