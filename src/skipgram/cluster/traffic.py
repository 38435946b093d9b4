"""What a sweep moves, and how long it takes on so many workers: a prediction.

With w words, rows of r bytes, W workers, L lots and G groups a sweep, a sweep moves

    storage, written     G w r + w r          U for each group; V, group after group
                       + 2 w r                U and V once more, for the objective
    storage, read        (G + 1) W w r        U by each worker
                       + 2 w r                the rows of V by the lots
    between workers      G L (1 - 1/W) w r    each lot's gradient by U, to whoever adds up a slice
    to the driver        2 (G w r + w r)      the sums and the gradients by V, through the scheduler
"""

from typing import NamedTuple

from skipgram.training.exact.sweeps import GROUPS


class Traffic(NamedTuple):
    """Bytes of a sweep."""

    written: float
    """to the storage, by the driver"""
    read: float
    """from the storage, by all workers"""
    between_workers: float
    to_driver: float
    """counted twice: to the scheduler, and from there"""

    @property
    def network(self) -> float:
        """What does not go through the storage."""
        return self.between_workers + self.to_driver


def sweep_traffic(
    words: int, row_bytes: int, lots: int, workers: int, groups: int = GROUPS
) -> Traffic:
    """The formulas above."""
    matrix = float(words * row_bytes)
    return Traffic(
        written=(groups + 3) * matrix,
        read=((groups + 1) * workers + 2) * matrix,
        between_workers=groups * lots * (1 - 1 / workers) * matrix,
        to_driver=2 * (groups + 1) * matrix,
    )


class Speeds(NamedTuple):
    """What a cluster can do."""

    flop_a_second: float
    """of a worker"""
    bytes_a_second: float
    """in and out of each machine, and of the storage for each of its readers"""
    seconds_a_group: float
    """of handing a group out and taking it in, however small"""
    rows_a_second: float
    """that the driver's steps move"""


def sweep_seconds(
    words: int, row_bytes: int, lots: int, workers: int, speeds: Speeds, groups: int = GROUPS
) -> float:
    """How long a sweep takes on workers of such speeds.

    The arithmetic is shared by at most as many workers as there are lots; each machine's traffic
    goes through its own line, and the driver's steps are its own.
    """
    moved = sweep_traffic(words, row_bytes, lots, workers, groups)
    busy = min(workers, lots)
    rounds = -(-lots // workers) * workers / lots if workers < lots else 1.0
    arithmetic = 8.0 * words**2 * (row_bytes / 4) / (speeds.flop_a_second * busy) * rounds
    driver = (moved.written + moved.to_driver) / speeds.bytes_a_second
    worker = (moved.read / workers + 2 * moved.between_workers / workers) / speeds.bytes_a_second
    steps = (groups + 1) * words / speeds.rows_a_second
    return arithmetic + driver + worker + steps + groups * speeds.seconds_a_group
