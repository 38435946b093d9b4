"""Cosines of queries with rows in 8 bits, compiled.

A block of rows lies with its numbers of one column together, so that the inner loop is over rows
and needs no sum across a register. Its sums of a query stay in the first-level cache.
"""

from typing import Any

import numpy as np

from skipgram.kernels.compiling import kernel


@kernel
def nearly_cosines(
    blocks: Any,  # (blocks, dim, rows of a block) int8
    scales: Any,  # (blocks, rows of a block) float32: 1 / the length of each row in 8 bits
    queries: Any,  # (queries, dim) float32, of length 1
    cosines: Any,  # (queries, blocks, rows of a block) float32, filled
) -> None:
    """Fill in query · row / |row| for each query and row."""
    rows = blocks.shape[2]
    for block in range(len(blocks)):
        scale = scales[block]
        for query in range(len(queries)):
            sums = cosines[query, block]
            sums[:] = 0
            for column in range(blocks.shape[1]):
                number = queries[query, column]
                numbers = blocks[block, column]
                for row in range(rows):
                    sums[row] += number * np.float32(numbers[row])
            for row in range(rows):
                sums[row] *= scale[row]
