"""A step's products in tiles of registers, written in LLVM's vectors.

LLVM vectorises one loop at a time and keeps one row of a product in registers;
a tile of two rows by six halves what has to be loaded. So the two products of
a step, the scores S = R Tᵀ and the update by G, are written with explicit
vectors, which LLVM turns into what the processor has. The rows of V and U are
used in place; nothing is copied.

In the kernels these look like functions of arrays. `dim` (numbers in a
row, whole vectors: `parameters.padded`) and `count` (K + 1 outside words) must
be constants there; rows are contiguous.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from skipgram.kernels.simd import INDEX, MOST_LANES, Emitter, Values

TILE_CENTERS = 2
TILE_OUTSIDES = 6
"""2 × 6 sums, 2 + 1 factors: 15 of the 16 registers that AVX2 has."""


def padded_count(count: int) -> int:
    """The length of a row of S and of G for `count` outside words: whole vectors."""
    return -(-count // MOST_LANES) * MOST_LANES


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def gradients(
    typing: Any,
    S: Any,
    G: Any,
    V: Any,
    U: Any,
    centers: Any,
    outsides: Any,
    M: Any,
    rate: Any,
    dim: Any,
    count: Any,
) -> Any:
    """S = R Tᵀ and G = rate (Y − σ(S)), with R = V[centers[:M]], T = U[outsides].

    S, G: shape (≥ M, padded_count(count)). Y is one in the first column, for
    the outside word, and zero in the others.
    """
    width, rows = dim.literal_value, count.literal_value
    lead = padded_count(rows)

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, V.dtype)
        s, g, v, u, c, o = (
            emit.data(kind, value)
            for kind, value in zip((S, G, V, U, centers, outsides), args[:6], strict=True)
        )
        one_rate = emit.broadcast(args[7])
        outside = [emit.times(emit.load(o, emit.at(j)), width) for j in range(rows)]

        def products(center: Values, columns: range) -> list[Values]:
            """For each center the products with these outside words, not yet summed up."""
            sums = [emit.constant(0.0)] * (len(center) * len(columns))
            with emit.loop(emit.at(0), emit.at(width), emit.lanes, sums) as (k, sums):
                row = [emit.load_vector(v, emit.at(place, k)) for place in center]
                for place, j in enumerate(columns):
                    factor = emit.load_vector(u, emit.at(outside[j], k))
                    for i, vector in enumerate(row):
                        n = i * len(columns) + place
                        sums[n] = emit.multiply_add(vector, factor, sums[n])
            return [sums[i * len(columns) : (i + 1) * len(columns)] for i in range(len(center))]

        def tile(first: ir.Value, centers_at_once: int) -> None:
            number = [emit.at(first, i) for i in range(centers_at_once)]
            center = [emit.times(emit.load(c, i), width) for i in number]
            for start in range(0, rows, emit.lanes):
                columns = range(start, min(start + emit.lanes, rows))
                parts = [products(center, part) for part in _tiles(columns)]
                for i, place in enumerate(number):
                    score = emit.sums([vector for part in parts for vector in part[i]])
                    truth = emit.constants(
                        [float(j == 0) for j in range(start, start + emit.lanes)]
                    )
                    missed = builder.fsub(truth, emit.sigmoid(score))
                    at = emit.at(emit.times(place, lead), start)
                    emit.store_vector(score, s, at)
                    emit.store_vector(builder.fmul(one_rate, missed), g, at)

        paired = builder.sub(args[6], builder.urem(args[6], emit.at(TILE_CENTERS)))
        with emit.loop(emit.at(0), paired, TILE_CENTERS, []) as (first, _):
            tile(first, TILE_CENTERS)
        with emit.loop(paired, args[6], 1, []) as (first, _):
            tile(first, 1)
        return context.get_dummy_value()

    return types.void(S, G, V, U, centers, outsides, M, rate, dim, count), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def update(
    typing: Any,
    V: Any,
    U: Any,
    centers: Any,
    outsides: Any,
    G: Any,
    M: Any,
    centers_repeat: Any,
    dim: Any,
    count: Any,
) -> Any:
    """V[centers[:M]] += G T and U[outsides] += Gᵀ R, from the old rows: repeats add up.

    Column by column of V and U, all sums of a column are taken before it
    changes. Where no center word repeats, and one tile holds all outside
    words, a row of V is used for the sums and changed in one pass.
    """
    width, rows = dim.literal_value, count.literal_value
    lead, tiles = padded_count(rows), _tiles(range(rows))

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, V.dtype)
        v, u, c, o, g = (
            emit.data(kind, value)
            for kind, value in zip((V, U, centers, outsides, G), args[:5], strict=True)
        )
        outside = [emit.times(emit.load(o, emit.at(j)), width) for j in range(rows)]

        def center(i: ir.Value, k: ir.Value) -> ir.Value:
            return emit.at(emit.times(emit.load(c, i), width), k)

        def weight(i: ir.Value, j: int) -> ir.Value:
            return emit.broadcast(emit.load(g, emit.at(emit.times(i, lead), j)))

        def of_outsides(k: ir.Value, columns: range) -> Values:
            return [emit.load_vector(u, emit.at(outside[j], k)) for j in columns]

        def sums_of(k: ir.Value, columns: range) -> Values:
            sums = [emit.constant(0.0)] * len(columns)
            with emit.loop(emit.at(0), args[5], 1, sums) as (i, sums):
                old = emit.load_vector(v, center(i, k))
                for n, j in enumerate(columns):
                    sums[n] = emit.multiply_add(weight(i, j), old, sums[n])
            return sums

        def change_centers(k: ir.Value, columns: range) -> None:
            factor = of_outsides(k, columns)
            with emit.loop(emit.at(0), args[5], 1, []) as (i, _):
                new = emit.load_vector(v, center(i, k))
                for n, j in enumerate(columns):
                    new = emit.multiply_add(weight(i, j), factor[n], new)
                emit.store_vector(new, v, center(i, k))

        def sum_and_change(k: ir.Value, columns: range) -> Values:
            factor = of_outsides(k, columns)
            sums = [emit.constant(0.0)] * len(columns)
            with emit.loop(emit.at(0), args[5], 1, sums) as (i, sums):
                old = new = emit.load_vector(v, center(i, k))
                for n, j in enumerate(columns):
                    each = weight(i, j)
                    new = emit.multiply_add(each, factor[n], new)
                    sums[n] = emit.multiply_add(each, old, sums[n])
                emit.store_vector(new, v, center(i, k))
            return sums

        def change_outsides(k: ir.Value, columns: range, sums: Values) -> None:
            for n, j in enumerate(columns):  # one after the other: a word may be drawn twice
                place = emit.at(outside[j], k)
                emit.store_vector(builder.fadd(emit.load_vector(u, place), sums[n]), u, place)

        def in_turn() -> None:
            with emit.loop(emit.at(0), emit.at(width), emit.lanes, []) as (k, _):
                sums = [sums_of(k, columns) for columns in tiles]
                for columns in tiles:
                    change_centers(k, columns)
                for columns, change in zip(tiles, sums, strict=True):
                    change_outsides(k, columns, change)

        if len(tiles) > 1:
            in_turn()
            return context.get_dummy_value()
        with builder.if_else(args[6]) as (repeat, differ):
            with repeat:
                in_turn()
            with differ, emit.loop(emit.at(0), emit.at(width), emit.lanes, []) as (k, _):
                change_outsides(k, tiles[0], sum_and_change(k, tiles[0]))
        return context.get_dummy_value()

    return types.void(V, U, centers, outsides, G, M, centers_repeat, dim, count), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def changes(
    typing: Any,
    D: Any,
    E: Any,
    V: Any,
    U: Any,
    centers: Any,
    outsides: Any,
    places: Any,
    G: Any,
    M: Any,
    first_E: Any,
    dim: Any,
    count: Any,
) -> Any:
    """D[places[:M]] += G T and E[first_E:first_E + count] = Gᵀ R: what `update` would change.

    The parameters stay as they are. No place occurs twice.
    """
    width, rows = dim.literal_value, count.literal_value
    lead = padded_count(rows)

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, U.dtype)
        d, e, v, u, c, o, p, g = (
            emit.data(kind, value)
            for kind, value in zip(
                (D, E, V, U, centers, outsides, places, G), args[:8], strict=True
            )
        )
        outside = [emit.times(emit.load(o, emit.at(j)), width) for j in range(rows)]

        def tile(k: ir.Value, columns: range) -> None:
            factor = [emit.load_vector(u, emit.at(outside[j], k)) for j in columns]
            sums = [emit.constant(0.0)] * len(columns)
            with emit.loop(emit.at(0), args[8], 1, sums) as (i, sums):
                old = emit.load_vector(v, emit.at(emit.times(emit.load(c, i), width), k))
                place = emit.at(emit.times(emit.load(p, i), width), k)
                new = emit.load_vector(d, place)
                for n, j in enumerate(columns):
                    each = emit.broadcast(emit.load(g, emit.at(emit.times(i, lead), j)))
                    new = emit.multiply_add(each, factor[n], new)
                    sums[n] = emit.multiply_add(each, old, sums[n])
                emit.store_vector(new, d, place)
            for n, j in enumerate(columns):
                emit.store_vector(sums[n], e, emit.at(emit.times(emit.at(args[9], j), width), k))

        with emit.loop(emit.at(0), emit.at(width), emit.lanes, []) as (k, _):
            for columns in _tiles(range(rows)):
                tile(k, columns)
        return context.get_dummy_value()

    return types.void(
        D, E, V, U, centers, outsides, places, G, M, types.int64, dim, count
    ), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def add_row(
    typing: Any, matrix: Any, row: Any, changes: Any, place: Any, share: Any, dim: Any
) -> Any:
    """matrix[row] += share · changes[place]."""
    width = dim.literal_value

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        emit = Emitter(context, builder, matrix.dtype)
        to, by = emit.data(matrix, args[0]), emit.data(changes, args[2])
        share_of_all = emit.broadcast(args[4])
        to_row, by_row = emit.times(args[1], width), emit.times(args[3], width)
        with emit.loop(emit.at(0), emit.at(width), emit.lanes, []) as (k, _):
            place_to = emit.at(to_row, k)
            change = emit.load_vector(by, emit.at(by_row, k))
            new = emit.multiply_add(share_of_all, change, emit.load_vector(to, place_to))
            emit.store_vector(new, to, place_to)
        return context.get_dummy_value()

    return types.void(matrix, types.int64, changes, types.int64, share, dim), generate


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]  # numba has no types
def prefetch(typing: Any, matrix: Any, row: Any, dim: Any) -> Any:
    """Fetch a row into the cache before it is needed; no result changes."""
    row_bytes = dim.literal_value * matrix.dtype.bitwidth // 8

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Sequence[Any]) -> Any:
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        fetch = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag]),
            "llvm.prefetch.p0",
        )
        data = context.make_array(matrix)(context, builder, args[0]).data
        start = builder.mul(args[1], ir.Constant(INDEX, dim.literal_value))
        line = builder.bitcast(builder.gep(data, [start]), byte)
        to_write, stay_near, as_data = (ir.Constant(flag, value) for value in (1, 3, 1))
        for offset in range(0, row_bytes, 64):
            address = builder.gep(line, [ir.Constant(INDEX, offset)])
            builder.call(fetch, [address, to_write, stay_near, as_data])
        return context.get_dummy_value()

    return types.void(matrix, types.int64, dim), generate


def _tiles(columns: range) -> list[range]:
    """Columns in as few tiles of similar size as registers allow."""
    tiles = -(-len(columns) // TILE_OUTSIDES)
    size = -(-len(columns) // tiles)
    return [
        range(start, min(start + size, columns.stop))
        for start in range(columns.start, columns.stop, size)
    ]
