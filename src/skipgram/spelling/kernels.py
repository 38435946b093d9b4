"""Sums of rows, and the passes of conjugate gradients between them, each over some rows.

Every column is a system of its own: `lengths` and `dots` have a number for each.
"""

from typing import Any

from skipgram.kernels.compiling import kernel


@kernel
def sum_rows(
    starts: Any,  # (all sums + 1,) int32 or int64
    columns: Any,  # (entries,) int32: numbers of rows
    rows: Any,  # (n, dim)
    factors: Any,  # (all sums,)
    first: int,
    sums: Any,  # (m, dim), overwritten: those from number `first` on
) -> None:
    """sums[i] = factors[i] Σ rows[j] over j in columns[starts[i] : starts[i + 1]]."""
    dim = rows.shape[1]
    for i in range(len(sums)):
        total = sums[i]
        total[:] = 0
        for entry in range(starts[first + i], starts[first + i + 1]):
            row = rows[columns[entry]]
            for d in range(dim):
                total[d] += row[d]
        factor = factors[first + i]
        for d in range(dim):
            total[d] *= factor


@kernel
def begin(
    table: Any,  # (n, dim)
    image: Any,  # (n, dim): AᵀA G
    residual: Any,  # (n, dim): AᵀV; becomes AᵀV − (AᵀA + μ I) G
    direction: Any,  # (n, dim), overwritten
    scale: Any,  # (n,): the preconditioner
    penalty: Any,  # μ
    dots: Any,  # (2, dim) float64, added to: Σ scale r² before and after
) -> None:
    """Residuals, and the first direction."""
    for i in range(len(table)):
        for d in range(table.shape[1]):
            wanted = residual[i, d]
            left = wanted - image[i, d] - penalty * table[i, d]
            residual[i, d] = left
            direction[i, d] = scale[i] * left
            dots[0, d] += scale[i] * wanted * wanted
            dots[1, d] += scale[i] * left * left


@kernel
def curve(
    direction: Any,  # (n, dim): p
    image: Any,  # (n, dim): AᵀA p; becomes (AᵀA + μ I) p
    penalty: Any,  # μ
    dots: Any,  # (dim,) float64, added to: p · (AᵀA + μ I) p
) -> None:
    """The curvature along a direction."""
    for i in range(len(direction)):
        for d in range(direction.shape[1]):
            image[i, d] += penalty * direction[i, d]
            dots[d] += direction[i, d] * image[i, d]


@kernel
def move(
    table: Any,  # (n, dim), moved along the direction
    residual: Any,  # (n, dim), kept true
    direction: Any,  # (n, dim)
    image: Any,  # (n, dim)
    scale: Any,  # (n,)
    lengths: Any,  # (dim,)
    dots: Any,  # (dim,) float64, added to: Σ scale r²
) -> None:
    """A step."""
    for i in range(len(table)):
        for d in range(table.shape[1]):
            table[i, d] += lengths[d] * direction[i, d]
            left = residual[i, d] - lengths[d] * image[i, d]
            residual[i, d] = left
            dots[d] += scale[i] * left * left


@kernel
def turn(
    direction: Any,  # (n, dim)
    residual: Any,  # (n, dim)
    scale: Any,  # (n,)
    shares: Any,  # (dim,): how much of the old direction stays
    dots: Any,  # not used: passes have one form
) -> None:
    """The next direction."""
    for i in range(len(direction)):
        for d in range(direction.shape[1]):
            direction[i, d] = scale[i] * residual[i, d] + shares[d] * direction[i, d]
