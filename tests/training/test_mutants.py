"""Wrong kernels, made by rewriting the source of the right one: the proof rejects each.

A proof that accepts one of these would prove nothing.
"""

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comparison import EXACT, assert_close
from replay import World, random_lines
from skipgram.training import negative_sampling, sampling, tiles

KERNEL, SAMPLING, TILES = (
    Path(str(module.__file__)) for module in (negative_sampling, sampling, tiles)
)

MUTANTS = {
    "a sign flipped": (KERNEL, "scores[n] *= -rate", "scores[n] *= rate"),
    "the last negative dropped": (
        KERNEL,
        "G[i, 0] += rate",
        "G[i, 0] += rate\n                G[i, outsides - 1] = 0.0",
    ),
    "the rate applied twice": (
        KERNEL,
        "            for n in range(M * outsides):",
        "            rate *= rate\n            for n in range(M * outsides):",
    ),
    "a coarse sigmoid": (TILES, "SIGMOID_TERMS = 13", "SIGMOID_TERMS = 4"),
    "a sigmoid cut at 6": (TILES, "SIGMOID_LIMIT = 40.0", "SIGMOID_LIMIT = 6.0"),
    "v_c updated inside the loop": (
        TILES,
        "sums[n] = emit.multiply_add(step, old, sums[n])",
        "sums[n] = emit.multiply_add(step, new, sums[n])",
    ),
    "a repeated center counted once": (TILES, "new = emit.load_vector(v, place)", "new = old"),
    "a repeated negative counted once": (
        TILES,
        "builder.fadd(emit.load_vector(u, place), sums[n])",
        "builder.fadd(factor[n], sums[n])",
    ),
    "a negative equal to the outside word": (
        SAMPLING,
        "while word == o:",
        "while word == o and tries == 0:",
    ),
    "a window over the end of a line": (
        SAMPLING,
        "if position == line_ends[line]:",
        "if position == line_ends[line] and False:",
    ),
    "a window one too narrow": (SAMPLING, "return 1 + np.int64(", "return np.int64("),
    "negatives of another position": (KERNEL, "place % _DRAWN", "(place + 1) % _DRAWN"),
    "a block that does not see the words before it": (
        SAMPLING,
        "while place >= 0 and position >= line_start:",
        "while place >= 0 and position >= start:",
    ),
    "a block that does not see the words behind it": (
        SAMPLING,
        "position < line_ends[line]:\n        if",
        "position < stop:\n        if",
    ),
    "a loss without its negatives": (
        KERNEL,
        "missed = -score if j == 0 else score",
        "missed = -score if j == 0 else -100.0",
    ),
}


def kernel_from(sources: dict[Path, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """train_block as these sources define it, compiled afresh."""
    parts = {}
    for path in (TILES, SAMPLING, KERNEL):
        name = f"skipgram.training.{path.stem}"
        part = types.ModuleType(name)
        part.__file__ = str(path)
        monkeypatch.setitem(sys.modules, name, part)
        monkeypatch.setattr("skipgram.training." + path.stem, part)
        # Compiled under another file's name, numba finds no source and keeps no cache.
        exec(compile(sources[path], f"<{path.stem}>", "exec"), part.__dict__)
        parts[path] = part
    return parts[KERNEL].train_block


def assert_proven(train_block: Any) -> None:
    lines = random_lines(1, 6, [1, 9, 2, 60, 40])
    world = World.random(lines, 6, embedding_dim=16, negatives=7, keep=0.8, seed=3)
    expected = world.replay()
    middle = len(world.corpus) // 2
    loss = sum(
        world.run(train_block, start, stop)[0]
        for start, stop in ((0, middle), (middle, len(world.corpus)))
    )
    assert_close(world.V, expected.V, EXACT)
    assert_close(world.U, expected.U, EXACT)
    assert_close(loss, expected.loss, EXACT)
    assert np.isfinite(loss)


def test_the_kernel_as_it_stands_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {path: path.read_text() for path in (KERNEL, SAMPLING, TILES)}
    assert_proven(kernel_from(sources, monkeypatch))


@pytest.mark.parametrize("name", MUTANTS)
def test_the_proof_rejects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, right, wrong = MUTANTS[name]
    sources = {path: path.read_text() for path in (KERNEL, SAMPLING, TILES)}
    assert sources[file].count(right) == 1, "the mutant must change exactly one place"
    sources[file] = sources[file].replace(right, wrong)
    mutant = kernel_from(sources, monkeypatch)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_proven(mutant)
