"""Products and sigmoids in tiles of registers, written in LLVM's vectors.

LLVM vectorises one loop at a time and keeps one row of a product in registers;
a tile of two rows by six halves what has to be loaded. So the two products of
a step, S = R Tᵀ and the update by G, are written with explicit vectors, which
LLVM turns into what the processor has. A Python list of LLVM values is a row
of registers; Python's loops over such lists run at compile time.

In the kernels these look like functions of arrays. `dim` and `outsides` (K + 1)
must be constants there; rows are contiguous and a multiple of 16 long
(`parameters.padded`).
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

VECTOR_BYTES = 32
"""Of one vector: a register of AVX2, two of NEON, half of one of AVX-512."""
TILE_CENTERS = 2
TILE_OUTSIDES = 6
"""2 × 6 sums, 2 + 1 factors: 15 of the 16 registers that AVX2 has."""

SPARE_NUMBERS = 8
"""The most numbers that a vector holds."""

SIGMOID_LIMIT = 40.0
SIGMOID_TERMS = 13

_INDEX = ir.IntType(64)
_Values = list[ir.Value]


class Emitter:
    """The few instructions on vectors that a tile needs."""

    def __init__(self, context: Any, builder: ir.IRBuilder, number: Any) -> None:
        self.context = context
        self.builder = builder
        self.lanes = VECTOR_BYTES // (number.bitwidth // 8)
        self.vector = ir.VectorType(context.get_value_type(number), self.lanes)
        self.suffix = f"v{self.lanes}f{number.bitwidth}"

    def data(self, array_type: Any, array: ir.Value) -> ir.Value:
        return self.context.make_array(array_type)(self.context, self.builder, array).data

    def at(self, *terms: ir.Value | int) -> ir.Value:
        """The sum of index terms."""
        total = ir.Constant(_INDEX, 0)
        for term in terms:
            term = ir.Constant(_INDEX, term) if isinstance(term, int) else term
            total = self.builder.add(total, term)
        return total

    def times(self, index: ir.Value, factor: int) -> ir.Value:
        return self.builder.mul(index, ir.Constant(_INDEX, factor))

    def load(self, data: ir.Value, index: ir.Value) -> ir.Value:
        return self.builder.load(self.builder.gep(data, [index]))

    def store(self, value: ir.Value, data: ir.Value, index: ir.Value) -> None:
        self.builder.store(value, self.builder.gep(data, [index]))

    def load_vector(self, data: ir.Value, index: ir.Value) -> ir.Value:
        loaded = self.builder.load(self._as_vector(data, index))
        loaded.align = 4  # user-made arrays need not be aligned
        return loaded

    def store_vector(self, value: ir.Value, data: ir.Value, index: ir.Value) -> None:
        self.builder.store(value, self._as_vector(data, index)).align = 4

    def _as_vector(self, data: ir.Value, index: ir.Value) -> ir.Value:
        return self.builder.bitcast(self.builder.gep(data, [index]), self.vector.as_pointer())

    def broadcast(self, number: ir.Value) -> ir.Value:
        undefined = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(undefined, number, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, undefined, mask)

    def constant(self, number: float) -> ir.Value:
        return ir.Constant(self.vector, [number] * self.lanes)

    def clipped(self, vector: ir.Value, limit: float) -> ir.Value:
        for sign, bound in ((">", -limit), ("<", limit)):
            inside = self.builder.fcmp_ordered(sign, vector, self.constant(bound))
            vector = self.builder.select(inside, vector, self.constant(bound))
        return vector

    def multiply_add(self, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
        signature = ir.FunctionType(self.vector, [self.vector] * 3)
        fma = cgutils.get_or_insert_function(
            self.builder.module, signature, f"llvm.fma.{self.suffix}"
        )
        return self.builder.call(fma, [a, b, c])

    def sum(self, vector: ir.Value) -> ir.Value:
        number = self.vector.element
        signature = ir.FunctionType(number, [number, self.vector])
        add = cgutils.get_or_insert_function(
            self.builder.module, signature, f"llvm.vector.reduce.fadd.{self.suffix}"
        )
        return self.builder.call(add, [ir.Constant(number, 0.0), vector], fastmath=("reassoc",))

    @contextmanager
    def loop(
        self, start: ir.Value, stop: ir.Value, step: int, carried: _Values
    ) -> Iterator[tuple[ir.Value, _Values]]:
        """A loop that carries registers: the body overwrites the list `carried` in place."""
        builder, before = self.builder, self.builder.block
        head, body, end = (builder.append_basic_block(name) for name in ("head", "body", "end"))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(_INDEX)
        index.add_incoming(start, before)
        registers = [builder.phi(value.type) for value in carried]
        for register, value in zip(registers, carried, strict=True):
            register.add_incoming(value, before)
        builder.cbranch(builder.icmp_signed("<", index, stop), body, end)
        builder.position_at_end(body)
        carried[:] = registers
        yield index, carried
        index.add_incoming(self.at(index, step), builder.block)
        for register, value in zip(registers, carried, strict=True):
            register.add_incoming(value, builder.block)
        builder.branch(head)
        builder.position_at_end(end)
        carried[:] = registers


def _tiles(size: int, tile: int) -> list[range]:
    return [range(start, min(start + tile, size)) for start in range(0, size, tile)]


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def scores(typing: Any, S: Any, R: Any, T: Any, M: Any, dim: Any, outsides: Any) -> Any:
    """S[:M] = R[:M] Tᵀ, with R (≥ M, dim), T (outsides, dim), S (≥ M, outsides)."""
    width, rows = dim.literal_value, outsides.literal_value

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, T.dtype)
        s, r, t = (emit.data(kind, value) for kind, value in zip((S, R, T), args[:3], strict=True))

        def tile(first: ir.Value, centers: int) -> None:
            for columns in _tiles(rows, TILE_OUTSIDES):
                sums = [emit.constant(0.0)] * (centers * len(columns))
                with emit.loop(emit.at(0), emit.at(width), emit.lanes, sums) as (k, sums):
                    row = [
                        emit.load_vector(r, emit.at(emit.times(emit.at(first, i), width), k))
                        for i in range(centers)
                    ]
                    for place, j in enumerate(columns):
                        factor = emit.load_vector(t, emit.at(j * width, k))
                        for i in range(centers):
                            n = i * len(columns) + place
                            sums[n] = emit.multiply_add(row[i], factor, sums[n])
                for i in range(centers):
                    for place, j in enumerate(columns):
                        score = emit.sum(sums[i * len(columns) + place])
                        emit.store(score, s, emit.at(emit.times(emit.at(first, i), rows), j))

        paired = builder.sub(args[3], builder.urem(args[3], emit.at(TILE_CENTERS)))
        with emit.loop(emit.at(0), paired, TILE_CENTERS, []) as (first, _):
            tile(first, TILE_CENTERS)
        with emit.loop(paired, args[3], 1, []) as (first, _):
            tile(first, 1)
        return context.get_dummy_value()

    return types.void(S, R, T, M, dim, outsides), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def sigmoids(typing: Any, S: Any, count: Any) -> Any:
    """The first `count` numbers of S, rounded up to whole vectors, become their sigmoids.

    Behind them S needs room for one vector, `SPARE_NUMBERS`.

    σ(x) = 1 / (1 + (e^(−x/16))^16), with x cut to ±40, the inner exponential
    by its Taylor series up to the 13th power and the outer power by four
    squarings: no table and no branch. The error is below 1e-6 in float32 and 1e-13 in
    float64; beyond ±40 it is below e^−40 = 4e-18.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, S.dtype)
        s = emit.data(S, args[0])
        one = emit.constant(1.0)
        with emit.loop(emit.at(0), args[1], emit.lanes, []) as (k, _):
            x = emit.clipped(emit.load_vector(s, k), SIGMOID_LIMIT)
            x = builder.fmul(x, emit.constant(-1 / 16))
            power = emit.constant(1 / math.factorial(SIGMOID_TERMS))
            for n in reversed(range(SIGMOID_TERMS)):
                power = emit.multiply_add(power, x, emit.constant(1 / math.factorial(n)))
            for _squaring in range(4):
                power = builder.fmul(power, power)
            emit.store_vector(builder.fdiv(one, builder.fadd(one, power)), s, k)
        return context.get_dummy_value()

    return types.void(S, count), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def update(
    typing: Any,
    V: Any,
    U: Any,
    centers: Any,
    outsides: Any,
    G: Any,
    R: Any,
    T: Any,
    M: Any,
    dim: Any,
    count: Any,
) -> Any:
    """V[centers[:M]] += G T and U[outsides] += Gᵀ R, row by row: repeats add up."""
    width, rows = dim.literal_value, count.literal_value

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, T.dtype)
        kinds = (V, U, centers, outsides, G, R, T)
        v, u, c, o, g, r, t = (
            emit.data(kind, value) for kind, value in zip(kinds, args[:7], strict=True)
        )
        for columns in _tiles(rows, TILE_OUTSIDES):
            with emit.loop(emit.at(0), emit.at(width), emit.lanes, []) as (k, _):
                factor = [emit.load_vector(t, emit.at(j * width, k)) for j in columns]
                sums = [emit.constant(0.0)] * len(columns)
                with emit.loop(emit.at(0), args[7], 1, sums) as (i, sums):
                    old = emit.load_vector(r, emit.at(emit.times(i, width), k))
                    place = emit.at(emit.times(emit.load(c, i), width), k)
                    new = emit.load_vector(v, place)
                    for n, j in enumerate(columns):
                        step = emit.broadcast(emit.load(g, emit.at(emit.times(i, rows), j)))
                        new = emit.multiply_add(step, factor[n], new)
                        sums[n] = emit.multiply_add(step, old, sums[n])
                    emit.store_vector(new, v, place)
                for n, j in enumerate(columns):
                    place = emit.at(emit.times(emit.load(o, emit.at(j)), width), k)
                    new = builder.fadd(emit.load_vector(u, place), sums[n])
                    emit.store_vector(new, u, place)
        return context.get_dummy_value()

    return types.void(V, U, centers, outsides, G, R, T, M, dim, count), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def prefetch(typing: Any, matrix: Any, row: Any, dim: Any) -> Any:
    """Ask for a row before it is needed; the answer changes no result."""
    row_bytes = dim.literal_value * matrix.dtype.bitwidth // 8

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        fetch = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag]),
            "llvm.prefetch.p0",
        )
        data = context.make_array(matrix)(context, builder, args[0]).data
        start = builder.mul(args[1], ir.Constant(_INDEX, dim.literal_value))
        line = builder.bitcast(builder.gep(data, [start]), byte)
        to_write, stay_near, as_data = (ir.Constant(flag, value) for value in (1, 3, 1))
        for offset in range(0, row_bytes, 64):
            address = builder.gep(line, [ir.Constant(_INDEX, offset)])
            builder.call(fetch, [address, to_write, stay_near, as_data])
        return context.get_dummy_value()

    return types.void(matrix, types.int64, dim), generate
