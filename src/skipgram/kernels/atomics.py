"""How threads in a kernel wait for each other, in LLVM's atomic instructions."""

import os
from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from skipgram.kernels.compiling import inlined

_CAN_GIVE_WAY = hasattr(os, "sched_yield")
_SPINS = 1 << 12
"""How often a thread checks for the others before it yields its processor."""


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def fetch_add(typing: Any, numbers: Any, index: Any, amount: Any) -> Any:
    """Add to an element of an int64 array, in one atomic step; the value before."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        place = _place(context, builder, numbers, args)
        return builder.atomic_rmw("add", place, args[2], "seq_cst")

    return types.int64(numbers, types.int64, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def load(typing: Any, numbers: Any, index: Any) -> Any:
    """An element of an int64 array as it is now; all that was written before it is visible."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        return builder.load_atomic(_place(context, builder, numbers, args), "acquire", 8)

    return types.int64(numbers, types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def _give_way(typing: Any) -> Any:
    """Let another thread have the processor."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        if _CAN_GIVE_WAY:
            kind = ir.FunctionType(ir.IntType(32), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return context.get_dummy_value()

    return types.void(), generate


@inlined
def wait_for_all(arrivals: Any, threads: int) -> None:
    """A barrier: return once all threads have called it. arrivals: shape (1,), int64, from 0.

    All threads then see what any of them wrote before.
    """
    target = (fetch_add(arrivals, 0, 1) // threads + 1) * threads
    spins = 0
    while load(arrivals, 0) < target:
        spins += 1
        if spins > _SPINS:
            _give_way()


def _place(context: Any, builder: ir.IRBuilder, numbers: Any, args: Sequence[Any]) -> Any:
    data = context.make_array(numbers)(context, builder, args[0]).data
    return builder.gep(data, [args[1]])
