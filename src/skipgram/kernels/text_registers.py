"""Text in registers: 64 bytes are classified at a time, 8 compared.

In the kernels these look like functions of an array of bytes; LLVM turns the
vectors into what the processor has. The caller must make sure that the bytes
exist: `blocks.PADDING` follows every text. Words of 8 bytes are little-endian,
as on all processors that numba supports.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

REGISTER_BYTES = 64

_BYTE = ir.IntType(8)
_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_BYTE, REGISTER_BYTES)
_SPACE, _TAB, _FEED, _RETURN = b" \t\n\r"
_TAB_TO_RETURN = _RETURN - _TAB + 1
"""Five of the six ASCII blanks are consecutive; the sixth is the space."""


def _splat(byte: int) -> ir.Constant:
    return ir.Constant(_VECTOR, [byte] * REGISTER_BYTES)


def _address(context: Any, builder: ir.IRBuilder, kind: Any, array: ir.Value, at: ir.Value) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [at])


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def masks(typing: Any, text: Any, start: Any) -> Any:
    """(blanks, line feeds, carriage returns, bytes beyond ASCII) of text[start : start + 64].

    Each is a word of 64 bits, whose lowest bit is for the first byte.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        place = _address(context, builder, text, *args)
        loaded = builder.load(builder.bitcast(place, _VECTOR.as_pointer()))
        loaded.align = 1
        is_blank = builder.or_(
            builder.icmp_unsigned("==", loaded, _splat(_SPACE)),
            builder.icmp_unsigned("<", builder.sub(loaded, _splat(_TAB)), _splat(_TAB_TO_RETURN)),
        )
        claims = [
            is_blank,
            builder.icmp_unsigned("==", loaded, _splat(_FEED)),
            builder.icmp_unsigned("==", loaded, _splat(_RETURN)),
            builder.icmp_signed("<", loaded, _splat(0)),
        ]
        return cgutils.pack_array(builder, [builder.bitcast(claim, _WORD) for claim in claims])

    return types.UniTuple(types.uint64, 4)(text, types.intp), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def eight_bytes(typing: Any, text: Any, start: Any) -> Any:
    """text[start : start + 8] as one word."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        place = _address(context, builder, text, *args)
        loaded = builder.load(builder.bitcast(place, _WORD.as_pointer()))
        loaded.align = 1
        return loaded

    return types.uint64(text, types.intp), generate


def _count(name: str, *more: ir.Value) -> Any:
    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        kinds = [_WORD, *(value.type for value in more)]
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_WORD, kinds), f"llvm.{name}.i64"
        )
        return builder.call(function, [*args, *more])

    return types.intp(types.uint64), generate


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def lowest_bit(typing: Any, word: Any) -> Any:
    """The position of the lowest bit that is set; 64 if none is."""
    return _count("cttz", ir.Constant(ir.IntType(1), 0))


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def bits_set(typing: Any, word: Any) -> Any:
    """How many bits are set."""
    return _count("ctpop")


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def prefetch(typing: Any, array: Any, row: Any) -> Any:
    """Fetch a row of an array into the cache before it is needed; no result changes."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        pointer, flag = _BYTE.as_pointer(), ir.IntType(32)
        fetch = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [pointer, flag, flag, flag]),
            "llvm.prefetch.p0",
        )
        made = context.make_array(array)(context, builder, args[0])
        stride = cgutils.unpack_tuple(builder, made.strides)[0]
        address = builder.ptrtoint(made.data, _WORD)
        address = builder.add(address, builder.mul(args[1], stride))
        place = builder.inttoptr(address, pointer)
        builder.call(fetch, [place, *(ir.Constant(flag, n) for n in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate
