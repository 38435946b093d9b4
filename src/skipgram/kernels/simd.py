"""LLVM's vectors, for the parts of kernels that are written with them.

A Python list of LLVM values is a row of registers; Python's loops over such
lists run at compile time.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba.core import cgutils

VECTOR_BYTES = 32
"""The size of a vector: a register of AVX2, two of NEON, half of one of AVX-512."""
MOST_LANES = 8
"""The most numbers that fit in a vector."""

SIGMOID_LIMIT = 40.0
_EXP_TERMS = {32: 7, 64: 14}
"""Terms of the Taylor series on ±log(2)/2 by bits of a number; errors of 1e-7 and 4e-18."""
_MANTISSA_BITS = {32: 23, 64: 52}

INDEX = ir.IntType(64)
Values = list[ir.Value]


class Emitter:
    """The few instructions on vectors that a tile needs."""

    def __init__(self, context: Any, builder: ir.IRBuilder, number: Any) -> None:
        self.context = context
        self.builder = builder
        self.lanes = VECTOR_BYTES // (number.bitwidth // 8)
        self.bits = number.bitwidth
        self.vector = ir.VectorType(context.get_value_type(number), self.lanes)
        self.suffix = f"v{self.lanes}f{number.bitwidth}"

    def data(self, array_type: Any, array: ir.Value) -> ir.Value:
        return self.context.make_array(array_type)(self.context, self.builder, array).data

    def at(self, *terms: ir.Value | int) -> ir.Value:
        """The sum of index terms."""
        total = ir.Constant(INDEX, 0)
        for term in terms:
            term = ir.Constant(INDEX, term) if isinstance(term, int) else term
            total = self.builder.add(total, term)
        return total

    def times(self, index: ir.Value, factor: int) -> ir.Value:
        return self.builder.mul(index, ir.Constant(INDEX, factor))

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
        return self.constants([number] * self.lanes)

    def constants(self, numbers: Sequence[float]) -> ir.Value:
        return ir.Constant(self.vector, list(numbers))

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

    def sums(self, vectors: Sequence[ir.Value]) -> ir.Value:
        """A vector of the sums of up to `lanes` vectors, each in its lane; other lanes are 0.

        Halves are folded in pairs: a third of the instructions that summing
        each vector by itself would take.
        """
        level: list[ir.Value | None] = [*vectors, *[None] * (self.lanes - len(vectors))]
        block = 1
        while block < self.lanes:
            level = [
                self._folded(one, other, block)
                for one, other in zip(level[::2], level[1::2], strict=True)
            ]
            block *= 2
        return level[0]

    def _folded(self, one: ir.Value | None, other: ir.Value | None, block: int) -> ir.Value | None:
        """Sums of neighbouring blocks of lanes; those of `one` and of `other` alternate."""
        if one is None:
            return None
        if other is None:
            other = self.constant(0.0)
        starts = range(0, self.lanes, 2 * block)
        halves = [
            [
                first + start + half * block + lane
                for start in starts
                for first in (0, self.lanes)
                for lane in range(block)
            ]
            for half in (0, 1)
        ]
        return self.builder.fadd(*(self._shuffled(one, other, lanes) for lanes in halves))

    def _shuffled(self, one: ir.Value, other: ir.Value, lanes: Sequence[int]) -> ir.Value:
        mask = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), list(lanes))
        return self.builder.shuffle_vector(one, other, mask)

    def sigmoid(self, x: ir.Value) -> ir.Value:
        """σ(x) = 1 / (1 + e^(−x)), with x cut to ±40; no table and no branch.

        The error is below 1e-6 in float32 and 1e-13 in float64; beyond ±40 it
        is below e^−40 = 4e-18.
        """
        builder, one = self.builder, self.constant(1.0)
        minus_x = builder.fsub(self.constant(0.0), self.clipped(x, SIGMOID_LIMIT))
        return builder.fdiv(one, builder.fadd(one, self.exp(minus_x)))

    def exp(self, x: ir.Value) -> ir.Value:
        """e^x = 2^n e^r, n the whole number next to x / log 2, |r| ≤ log(2) / 2, |x| ≤ 40."""
        builder, bits = self.builder, self.bits
        integers = ir.VectorType(ir.IntType(bits), self.lanes)
        # This is too large to have fractions: adding it rounds, and leaves n in the last bits.
        rounding = self.constant(1.5 * 2 ** _MANTISSA_BITS[bits])
        shifted = self.multiply_add(x, self.constant(1 / math.log(2)), rounding)
        n = builder.fsub(shifted, rounding)
        r = self.multiply_add(n, self.constant(-math.log(2)), x)
        series = self.polynomial([1 / math.factorial(k) for k in range(_EXP_TERMS[bits])], r)
        to_exponent = ir.Constant(integers, [_MANTISSA_BITS[bits]] * self.lanes)
        exponents = builder.shl(builder.bitcast(shifted, integers), to_exponent)
        return builder.bitcast(
            builder.add(builder.bitcast(series, integers), exponents), self.vector
        )

    def polynomial(self, coefficients: Sequence[float], x: ir.Value) -> ir.Value:
        """Σ c_k x^k by Estrin's scheme: terms in parallel, where Horner's waits for each."""
        terms = [self.constant(coefficient) for coefficient in coefficients]
        while len(terms) > 1:
            pairs = zip(terms[::2], terms[1::2], strict=False)
            odd = terms[-1:] if len(terms) % 2 else []
            terms = [self.multiply_add(high, x, low) for low, high in pairs] + odd
            x = self.builder.fmul(x, x)
        return terms[0]

    @contextmanager
    def loop(
        self, start: ir.Value, stop: ir.Value, step: int, carried: Values
    ) -> Iterator[tuple[ir.Value, Values]]:
        """A loop that carries registers: the body overwrites the list `carried` in place."""
        builder, before = self.builder, self.builder.block
        head, body, end = (builder.append_basic_block(name) for name in ("head", "body", "end"))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(INDEX)
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
