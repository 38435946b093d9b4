"""What a sweep moves, and how long it takes on so many workers: a prediction.

With w words, rows of r bytes, W workers, L lots and G groups a sweep, a sweep moves

    storage, written     G w r + w r          U for each group; V, group after group
                       + 2 w r                U and V once more, for the objective
    storage, read        (G + 1) W w r        U by each worker
                       + 2 w r                the rows of V by the lots
    between workers      G L (1 - 1/W) w r    each lot's gradient by U, to whoever adds up a slice
    to the driver        2 (G w r + w r)      the sums and the gradients by V, through the scheduler
"""

import math
from typing import NamedTuple

from skipgram.training.exact.sweeps import GROUPS

_MOST_SLICES = 16
_BYTES_OF_A_CALL = 4e6
"""What a line moves in the time of a call: 3 ms at 10 Gbit/s."""


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


def slices_of(matrix_bytes: float, lots: int, workers: int) -> int:
    """Into how many slices a gradient by U is cut, for as many workers to add up.

    More of them share the traffic, lots · matrix_bytes, and take a call more of each worker: at the
    root of their quotient both take the same time.
    """
    busy = min(lots, max(1, workers))
    even = math.sqrt(matrix_bytes * lots / (busy * _BYTES_OF_A_CALL))
    return max(1, min(_MOST_SLICES, busy, round(even)))


def calls_of_a_sweep(lots: int, workers: int, slices: int, groups: int = GROUPS) -> int:
    """Lots, what each worker has of them, its slices, and their sums; then the objective's lots."""
    busy = min(lots, workers)
    return groups * (lots + busy + busy * slices + slices) + lots


class Speeds(NamedTuple):
    """What a cluster can do."""

    flop_a_second: float
    """of a worker"""
    bytes_a_second: float
    """into each machine, and out of it"""
    seconds_a_call: float
    """that the scheduler takes to hand one out, and the driver to take it in"""
    seconds_a_group: float
    """of a group beside its arithmetic and its calls, and of the objective: files, waiting"""
    rows_a_second: float
    """that the driver's steps move"""


def sweep_seconds(
    words: int, row_bytes: int, lots: int, workers: int, speeds: Speeds, groups: int = GROUPS
) -> float:
    """How long a sweep takes on workers of such speeds, if nothing overlaps.

    The arithmetic is shared by at most as many workers as there are lots. Each machine's traffic
    goes through its own line; the busiest ones are the driver and the workers that add up slices.
    """
    matrix = float(words * row_bytes)
    slices = slices_of(matrix, lots, workers)
    rounds = -(-lots // workers)  # of lots, that one worker computes
    arithmetic = 8.0 * words**2 * (row_bytes / 4) / speeds.flop_a_second * rounds / lots
    moved = sweep_traffic(words, row_bytes, lots, workers, groups)
    by_driver = moved.written + moved.to_driver / 2
    by_worker = (groups + 1) * matrix + groups * matrix * lots / slices
    calls = calls_of_a_sweep(lots, workers, slices, groups)
    return (
        arithmetic
        + (by_driver + by_worker) / speeds.bytes_a_second
        + calls * speeds.seconds_a_call
        + (groups + 1) * speeds.seconds_a_group
        + (groups + 1) * words / speeds.rows_a_second
    )
