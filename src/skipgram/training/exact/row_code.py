"""Passes over a row of scores in LLVM's vectors, which numba's loops do not use.

A row holds the scores of one center word with every outside word. Each of
these three reads and writes it once, whole vectors at a time; in kernels they
look like functions of arrays, for the places start..stop of a row, a multiple of
`STRIDE` of them. The rest at a row's end is left to the caller.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from skipgram.kernels.simd import MOST_LANES, Emitter, Values

UNROLLED = 4
STRIDE = UNROLLED * MOST_LANES
_LEAST_EXPONENT = {32: -87.0, 64: -708.0}
"""e to the power of this is about the least normal number; smaller exponents count as this."""
_ARTANH_TERMS = {32: 8, 64: 17}
"""Terms of the series for log(1 + x), x in 0..1; the errors are 1e-8 and 1e-17."""


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def largest(typing: Any, scores: Any, offset: Any, start: Any, stop: Any) -> Any:
    """max_w s_w + b_w, skipping nan."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, scores.dtype)
        s, b = emit.data(scores, args[0]), emit.data(offset, args[1])
        with _vectors(emit, args[2], args[3], -math.inf) as (places, maxima):
            for k, at in enumerate(places):
                x = builder.fadd(emit.load_vector(s, at), emit.load_vector(b, at))
                maxima[k] = _larger(builder, x, maxima[k])
        return _folded(emit, maxima, lambda one, other: _larger(builder, one, other))

    return scores.dtype(scores, offset, types.int64, types.int64), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def exponentials(typing: Any, scores: Any, offset: Any, start: Any, stop: Any, shift: Any) -> Any:
    """s_w ← exp(s_w + b_w − shift), none of which is above 1; their sum.

    The error is below 2e-6 of each in float32, below 1e-13 in float64.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, scores.dtype)
        s, b = emit.data(scores, args[0]), emit.data(offset, args[1])
        minus = emit.broadcast(args[4])
        with _vectors(emit, args[2], args[3], 0.0) as (places, sums):
            for k, at in enumerate(places):
                shifted = builder.fadd(emit.load_vector(s, at), emit.load_vector(b, at))
                x = emit.exp(_at_least(emit, builder.fsub(shifted, minus)))
                emit.store_vector(x, s, at)
                sums[k] = builder.fadd(sums[k], x)
        return _folded(emit, sums, builder.fadd)

    return scores.dtype(scores, offset, types.int64, types.int64, scores.dtype), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def sigmoids(typing: Any, scores: Any, noise: Any, start: Any, stop: Any) -> Any:
    """s_w ← P_w σ(s_w); the sum of P_w log(1 + exp(s_w)).

    With e = exp(−|s|): σ(s) is 1 / (1 + e), or e / (1 + e) below 0, and log(1 + exp(s)) is
    max(s, 0) + log(1 + e).
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, scores.dtype)
        s, p = emit.data(scores, args[0]), emit.data(noise, args[1])
        zero, one = emit.constant(0.0), emit.constant(1.0)
        with _vectors(emit, args[2], args[3], 0.0) as (places, sums):
            for k, at in enumerate(places):
                x, weight = emit.load_vector(s, at), emit.load_vector(p, at)
                positive = _larger(builder, x, zero)
                size = builder.fsub(positive, builder.fsub(x, positive))  # |x| = 2 max(x, 0) − x
                e = emit.exp(_at_least(emit, builder.fsub(zero, size)))
                is_positive = builder.fcmp_ordered(">", x, zero)
                share = builder.fdiv(builder.select(is_positive, one, e), builder.fadd(one, e))
                emit.store_vector(builder.fmul(weight, share), s, at)
                softplus = builder.fadd(positive, _log_one_plus(emit, e))
                sums[k] = emit.multiply_add(weight, softplus, sums[k])
        return _folded(emit, sums, builder.fadd)

    return scores.dtype(scores, noise, types.int64, types.int64), generate


@contextmanager
def _vectors(
    emit: Emitter, start: ir.Value, stop: ir.Value, first: float
) -> Iterator[tuple[Values, Values]]:
    """A loop over `STRIDE` numbers at a time: the places of its vectors, and carried values.

    After the loop, the carried values are those of the last round.
    """
    count = STRIDE // emit.lanes
    carried: Values = [emit.constant(first)] * count
    with emit.loop(start, stop, STRIDE, carried) as (index, _):
        yield [emit.at(index, k * emit.lanes) for k in range(count)], carried


def _larger(builder: ir.IRBuilder, one: ir.Value, other: ir.Value) -> ir.Value:
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)


def _at_least(emit: Emitter, x: ir.Value) -> ir.Value:
    return _larger(emit.builder, x, emit.constant(_LEAST_EXPONENT[emit.bits]))


def _log_one_plus(emit: Emitter, x: ir.Value) -> ir.Value:
    """log(1 + x) = 2 artanh(x / (2 + x)), by its series."""
    builder = emit.builder
    z = builder.fdiv(x, builder.fadd(emit.constant(2.0), x))
    terms = [2 / (2 * n + 1) for n in range(_ARTANH_TERMS[emit.bits])]
    return builder.fmul(z, emit.polynomial(terms, builder.fmul(z, z)))


def _folded(emit: Emitter, vectors: Values, fold: Any) -> ir.Value:
    """All numbers of some vectors, folded into one."""
    total = vectors[0]
    for vector in vectors[1:]:
        total = fold(total, vector)
    lanes = [
        emit.builder.extract_element(total, ir.Constant(ir.IntType(32), lane))
        for lane in range(emit.lanes)
    ]
    number = lanes[0]
    for lane in lanes[1:]:
        number = fold(number, lane)
    return number
