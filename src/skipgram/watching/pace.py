"""How fast a training goes now, whatever an earlier session did."""

from skipgram.training.events import Progress


class Pace:
    """Words a second since this session began.

    A training that was taken up again counts the words and the seconds of all
    its sessions, of which the earlier ones may have had other machines.
    """

    def __init__(self) -> None:
        self._start: tuple[int, float] | None = (0, 0.0)
        """words and seconds before this session; None until its first progress tells them"""

    def resume(self) -> None:
        """Count from the next progress on, the first to tell how long was trained before."""
        self._start = None

    def words_per_second(self, event: Progress) -> float:
        """The pace up to this event; the mean of all sessions as long as no other is known."""
        if self._start is None:
            self._start = event.tokens_done, event.seconds
        words, seconds = event.tokens_done - self._start[0], event.seconds - self._start[1]
        return words / seconds if seconds > 0 else event.tokens_per_second
