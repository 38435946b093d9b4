"""What the calls of a training need on a worker, held against what the workers have."""

from skipgram.cluster.connecting import Cluster
from skipgram.errors import ClusterError
from skipgram.training.exact.gradients import MOST_BLOCK_ROWS, MOST_BLOCK_SCORES

USABLE_SHARE = 0.8
"""Of a worker's memory: with more in use, Dask gives it nothing to do."""
_LIBRARIES_BYTES = 250_000_000
"""What a worker's process takes before it has done anything."""


def lots_memory_bytes(
    objective_bytes: int, words: int, row_bytes: int, lots: int, workers: int, threads: int
) -> int:
    """What lots take on a worker, at most.

    The objective and U; for each thread a block of scores; the gradients by U of the lots that it
    has, while they are added up, and as much again on their way.

    Parameters: objective_bytes: of the targets of all words; words: the rows of U, of row_bytes;
    threads: of one worker.
    """
    of_U = words * row_bytes
    block = 4 * min(MOST_BLOCK_SCORES, MOST_BLOCK_ROWS * words)
    own_lots = -(-lots // max(workers, 1))
    return objective_bytes + of_U + threads * block + 2 * own_lots * of_U


def require_room_for_lots(
    cluster: Cluster, objective_bytes: int, words: int, row_bytes: int, lots: int
) -> None:
    """Refuse lots that the smallest worker cannot hold, with the words that would fit."""
    workers, threads, _ = cluster.size
    of_each = -(-threads // max(workers, 1))

    def needed(some: int) -> int:
        share = some / words
        return lots_memory_bytes(
            int(objective_bytes * share), some, row_bytes, lots, workers, of_each
        )

    room = cluster.size[2] * USABLE_SHARE - _LIBRARIES_BYTES
    fitting = words
    while fitting > 1 and needed(fitting) > room:
        fitting = fitting * 9 // 10
    require_room(
        cluster,
        needed(words),
        f"sweeps over {words:,} words",
        "give the workers more memory, start more of them, or fit fewer words together; some "
        f"{fitting:,} would fit ([--softmax-vocabulary {fitting}])",
    )


def require_room(cluster: Cluster, needed: int, what: str, cure: str) -> None:
    """Refuse what the smallest worker cannot hold; a worker without a known limit can."""
    has = cluster.size[2]
    if has and needed + _LIBRARIES_BYTES > USABLE_SHARE * has:
        raise ClusterError(
            f"{what} need {(needed + _LIBRARIES_BYTES) / USABLE_SHARE / 1e9:,.2f} GB of memory on "
            f"each worker, and the smallest has {has / 1e9:,.2f} GB: {cure}"
        )
