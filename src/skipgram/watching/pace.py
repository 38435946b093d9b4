"""How fast a training goes now, whatever an earlier session did."""

from skipgram.training.events import Progress, Resumed


class Pace:
    """Words a second since this session began.

    A training that was taken up again counts the words and the seconds of all
    its sessions, of which the earlier ones may have had other machines.
    """

    def __init__(self) -> None:
        self._words, self._seconds = 0, 0.0
        """of earlier sessions"""

    def resume(self, event: Resumed) -> None:
        """Count from where this session began."""
        self._words, self._seconds = event.tokens_done, event.seconds

    def words_per_second(self, event: Progress) -> float:
        """The pace up to this event."""
        seconds = event.seconds - self._seconds
        return (event.tokens_done - self._words) / seconds if seconds > 0 else 0.0
