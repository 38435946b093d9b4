"""What a machine can do at most: multiply-adds in registers, and rows read and written back.

Bandwidth is that of an update in place, as a training does it: a copy would also
fetch the lines that it overwrites, or pass by the caches.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from skipgram.kernels.simd import Emitter

ROUNDS = 5
_REPEATS = 100_000_000
_SUMS = 12
"""Independent of each other: a processor with two units of latency 5 needs ten."""
_MEMORY_BYTES = 1 << 28
_CACHE_BYTES = 1 << 17
"""More than the first level holds and less than the second."""
_UPDATED_BYTES = 1 << 31


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def _multiply_adds(typing: Any, factor: Any, repeats: Any) -> Any:
    """The sum of `_SUMS` vectors, each multiplied and added to `repeats` times in registers."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, factor)
        row, step = emit.broadcast(args[0]), emit.constant(1.0)
        sums = [emit.constant(float(number)) for number in range(_SUMS)]
        with emit.loop(emit.at(0), args[1], 1, sums) as (_, carried):
            for place, total in enumerate(carried):
                carried[place] = emit.multiply_add(total, row, step)
        total = sums[0]
        for vector in sums[1:]:
            total = builder.fadd(total, vector)
        return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))

    return factor(factor, repeats), generate


@cache
def _kernel() -> Any:
    @njit(types.float32(types.float32, types.int64), nogil=True)  # type: ignore[untyped-decorator]
    def run(factor: Any, repeats: Any) -> Any:
        return _multiply_adds(factor, repeats)

    return run


@cache
def _update() -> Any:
    @njit(nogil=True)  # type: ignore[untyped-decorator]
    def run(array: Any, factor: Any, times: int) -> None:
        for _ in range(times):
            for place in range(len(array)):
                array[place] = array[place] * factor + factor

    return run


def peak_flop_per_second(threads: int) -> float:
    """Multiply-adds of float32 as the kernels issue them, two operations each, in registers."""
    run, lanes = _kernel(), 8
    seconds = _best_seconds(lambda: run(np.float32(0.5), _REPEATS), threads)
    return threads * _REPEATS * _SUMS * lanes * 2 / seconds


def memory_bytes_per_second(threads: int) -> float:
    """Read and written back, of arrays that no cache holds."""
    return _updated(_MEMORY_BYTES, threads)


def cache_bytes_per_second(threads: int) -> float:
    """Read and written back within a core's second-level cache."""
    return _updated(_CACHE_BYTES, threads)


def _updated(size: int, threads: int) -> float:
    update, times = _update(), max(1, _UPDATED_BYTES // size)
    arrays = [np.ones(size // 4, np.float32) for _ in range(threads)]
    free = arrays.copy()

    def work() -> None:
        array = free.pop()
        update(array, np.float32(0.5), times)
        free.append(array)

    return threads * times * 2 * size / _best_seconds(work, threads)


def _best_seconds(work: Callable[[], object], threads: int) -> float:
    """The least time in which all threads do the work, each for itself."""
    with ThreadPoolExecutor(threads) as pool:
        seconds = []
        for _ in range(1 + ROUNDS):  # the first one warms up
            started = time.perf_counter()
            for done in [pool.submit(work) for _ in range(threads)]:
                done.result()
            seconds.append(time.perf_counter() - started)
    return min(seconds[1:])
