"""The kernel under the machine's roof: its operations a second, and what could be at most.

    python benchmarks/roofline.py --data DIR [--threads 1] [--output docs/roofline.png]

DIR holds fil8.txt, packed with xz or not. The roof is measured here
(machine_roofs.py), in turn with the training, and the best of all turns counts
on both sides. A position that is kept costs 6 M (K + 1) d operations: a score
and two updates of M center and K + 1 outside words, a multiplication and an
addition each. It touches K + 1 rows of U, and of V about one that the position
before did not: these are read and written back, 8 (K + 2) d bytes. Drawing,
windows, exponentials and the padding of rows are not counted as operations.
"""

import argparse
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from machine_roofs import cache_bytes_per_second, memory_bytes_per_second, peak_flop_per_second
from systems import Text, train_skipgram
from texts import add_data_option, fil8_in_lines

from skipgram.equations import keep_probability
from skipgram.figures.page import COLORS, page_style
from skipgram.settings import Settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POSITION_FLOP = 6
"""Of a number of a pair of rows: one product for the score, one for each update."""
POSITION_BYTES = 8
"""A float32, read and written back."""
LEAST_INTENSITY, MOST_INTENSITY = 1 / 16, 64.0
DOTS_AN_INCH = 150


@dataclass(frozen=True)
class Roof:
    """What the machine does at most, with so many threads."""

    flop_per_second: float
    memory_bytes_per_second: float
    cache_bytes_per_second: float

    @classmethod
    def measured(cls, threads: int) -> "Roof":
        return cls(
            peak_flop_per_second(threads),
            memory_bytes_per_second(threads),
            cache_bytes_per_second(threads),
        )

    def better(self, other: "Roof") -> "Roof":
        """Of each figure the larger one: what disturbs a measurement makes it smaller."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Roof(*(max(pair) for pair in pairs))


@dataclass(frozen=True)
class Point:
    """The kernel, at one embedding_dim."""

    dim: int
    flop_per_byte: float
    flop_per_second: float
    positions_per_second: float
    """that are kept"""

    def __str__(self) -> str:
        return f"d = {self.dim}: {self.flop_per_second / 1e9:.1f} GFLOP/s"


def measured(text: Text, dim: int, threads: int) -> Point:
    """One epoch of training proper, at the default settings."""
    training = train_skipgram(text, embedding_dim=dim, threads=threads, epochs=1)
    settings, vocabulary = Settings.of(embedding_dim=dim), text.corpus.vocabulary
    outsides = settings.model.negatives + 1
    keep = keep_probability(vocabulary.counts, settings.training.subsample)
    positions = float(vocabulary.counts @ keep)
    flop = POSITION_FLOP * training.pairs * outsides * dim
    moved = POSITION_BYTES * positions * (outsides + 1) * dim
    return Point(dim, flop / moved, flop / training.seconds, positions / training.seconds)


def draw(roof: Roof, points: list[Point], threads: int, file: Path) -> None:
    """Operations a second over operations a byte, both in powers of two."""
    import matplotlib

    matplotlib.use("Agg")
    with page_style():
        from matplotlib import pyplot

        figure, axes = pyplot.subplots(figsize=(7.5, 5), layout="constrained")
        peak = roof.flop_per_second / 1e9
        axes.set_xscale("log", base=2)
        axes.set_yscale("log", base=2)
        axes.set_xlim(LEAST_INTENSITY, MOST_INTENSITY)
        axes.set_ylim(roof.memory_bytes_per_second / 1e9 * LEAST_INTENSITY / 2, 2 * peak)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.set_xlabel("operations a byte that is read or written back")
        axes.set_ylabel("GFLOP/s")
        said = "one thread" if threads == 1 else f"{threads} threads"
        axes.set_title(f"A training step under the machine's roof, {said}", loc="left")
        axes.grid(visible=True, color="#eeeeee")
        axes.spines[["top", "right"]].set_visible(False)
        figure.draw_without_rendering()  # the layout is known then, and with it the lines' angle
        draw_roof(axes, roof)
        draw_points(axes, points, peak)
        figure.savefig(file, dpi=DOTS_AN_INCH)
        pyplot.close(figure)


def draw_roof(axes: "Axes", roof: Roof) -> None:
    """A rising line for each memory, and the level one of the arithmetic."""
    peak = roof.flop_per_second / 1e9
    memories = {
        "memory": roof.memory_bytes_per_second / 1e9,
        "second-level cache": roof.cache_bytes_per_second / 1e9,
    }
    (x, y), (next_x, next_y) = axes.transData.transform([(1.0, 1.0), (2.0, 2.0)])
    angle = math.degrees(math.atan2(next_y - y, next_x - x))
    for place, (name, speed) in enumerate(memories.items()):
        color, ridge = COLORS[2 * place], min(MOST_INTENSITY, peak / speed)
        start = LEAST_INTENSITY
        axes.plot([start, ridge], [speed * start, speed * ridge], color=color)
        axes.annotate(
            f"{name}, {speed:.0f} GB/s",
            (start, speed * start),
            (4, 8),
            textcoords="offset points",
            in_layout=False,
            color=color,
            rotation=angle,
            rotation_mode="anchor",
        )
    axes.plot([peak / max(memories.values()), MOST_INTENSITY], [peak, peak], color=COLORS[1])
    axes.annotate(
        f"multiply-adds in registers, {peak:.0f} GFLOP/s = 100%",
        (MOST_INTENSITY, peak),
        (-4, 5),
        textcoords="offset points",
        in_layout=False,
        horizontalalignment="right",
        color=COLORS[1],
    )


def draw_points(axes: "Axes", points: list[Point], peak: float) -> None:
    """The kernel's points, the fastest one's label the highest, however near they are."""
    above = 6.0 * (len(points) - 1)
    for place, point in enumerate(sorted(points, key=lambda point: -point.flop_per_second)):
        speed, color = point.flop_per_second / 1e9, COLORS[3 + place]
        axes.plot(point.flop_per_byte, speed, "o", color=color)
        axes.annotate(
            f"d = {point.dim}: {speed:.0f} GFLOP/s, {speed / peak:.0%}",
            (point.flop_per_byte, speed),
            (10, above - 12 * place - 4),
            textcoords="offset points",
            in_layout=False,
            color=color,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_data_option(parser)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--embedding-dims", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--output", type=Path, default=Path("docs/roofline.png"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = Text.of(fil8_in_lines(chosen.data, Path(folder)))
        roof, points = Roof(0, 0, 0), dict[int, Point]()
        for _ in range(chosen.rounds):
            roof = roof.better(Roof.measured(chosen.threads))
            for dim in chosen.embedding_dims:
                point = measured(text, dim, chosen.threads)
                known = points.get(dim, point)
                points[dim] = max(point, known, key=lambda point: point.flop_per_second)
    print(
        f"roof, {chosen.threads} threads: {roof.flop_per_second / 1e9:.1f} GFLOP/s; memory "
        f"{roof.memory_bytes_per_second / 1e9:.1f} GB/s; second-level cache "
        f"{roof.cache_bytes_per_second / 1e9:.1f} GB/s"
    )
    for point in points.values():
        print(
            f"{point}, {point.flop_per_second / roof.flop_per_second:.0%} of the peak; "
            f"{point.positions_per_second / 1e6:.2f} M kept positions a second; "
            f"{point.flop_per_byte:.2f} operations a byte"
        )
    draw(roof, list(points.values()), chosen.threads, chosen.output)


if __name__ == "__main__":
    main()
