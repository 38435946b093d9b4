"""What the logs of a run have in common."""

import time
from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from skipgram.watching.records import Observed, Records


class RunLog(AbstractContextManager["RunLog"]):
    """A place where the events of a run are written, inside a `with`.

    Entering it raises OutputExistsError if something is there that is neither to
    be continued nor replaced. A place that cannot be written raises SkipgramError
    with the system's reason, then or later.

    Parameters
    ----------
    place
        The file or folder.
    resumes
        Whether to continue what is there, if anything is.
    overwrite
        Whether to replace what is there.
    clock
        Seconds from any start, by which progress is thinned.

    """

    def __init__(
        self,
        place: Path,
        resumes: bool = False,
        *,
        overwrite: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place, self._resumes, self._overwrite = place, resumes, overwrite
        self._clock = clock
        self._records = Records(clock)

    @abstractmethod
    def observe(self, event: Observed) -> None:
        """Write an event; for `skipgram.train(..., observe=log.observe)`."""
