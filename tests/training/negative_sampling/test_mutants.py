"""Wrong kernels, made by rewriting the source of the right one: the proof rejects each.

A proof that accepts one of these would prove nothing.
"""

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.batch_replay import replayed, task_of, trained, training_of
from helpers.comparison import EXACT, assert_close
from helpers.replay import ReplayableTraining, others_of, random_lines
from skipgram.kernels import simd
from skipgram.training import draws
from skipgram.training.negative_sampling import batched, batches, changes, stability, step, tiles

MODULES = (step, draws, stability, tiles, simd, changes, batches)
KERNEL, SAMPLING, STABILITY, TILES, VECTORS, CHANGES, BATCHES = (
    Path(str(module.__file__)) for module in MODULES
)
IN_ORDER = (VECTORS, TILES, SAMPLING, STABILITY, KERNEL, CHANGES, BATCHES)
"""Each after those of which it uses parts."""
NAMES = {Path(str(module.__file__)): module.__name__ for module in MODULES}

MUTANTS = {
    "a sign flipped": (
        TILES,
        "builder.fsub(truth, emit.sigmoid(score))",
        "builder.fsub(emit.sigmoid(score), truth)",
    ),
    "the last negative dropped": (
        TILES,
        "emit.store_vector(builder.fmul(one_rate, missed), g, at)",
        "ends = range(start + 1, start + 1 + emit.lanes)\n"
        "                    others = emit.constants([float(end != rows) for end in ends])\n"
        "                    missed = builder.fmul(others, missed)\n"
        "                    emit.store_vector(builder.fmul(one_rate, missed), g, at)",
    ),
    "the rate applied twice": (
        TILES,
        "builder.fmul(one_rate, missed)",
        "builder.fmul(one_rate, builder.fmul(one_rate, missed))",
    ),
    "a coarse sigmoid": (VECTORS, "64: 14}", "64: 5}"),
    "a sigmoid cut at 6": (VECTORS, "SIGMOID_LIMIT = 40.0", "SIGMOID_LIMIT = 6.0"),
    "a sum that leaves out half of a vector": (
        VECTORS,
        "for half in (0, 1)",
        "for half in (0, 0)",
    ),
    "v_c updated inside the loop": (
        TILES,
        "sums[n] = emit.multiply_add(each, old, sums[n])\n                emit.store_vector(new, v",
        "sums[n] = emit.multiply_add(each, new, sums[n])\n                emit.store_vector(new, v",
    ),
    "v_c updated before the sums where it repeats": (
        TILES,
        "                sums = [sums_of(k, columns) for columns in tiles]\n"
        "                for columns in tiles:\n                    change_centers(k, columns)\n",
        "                for columns in tiles:\n                    change_centers(k, columns)\n"
        "                sums = [sums_of(k, columns) for columns in tiles]\n",
    ),
    "a repeat that is not seen": (
        KERNEL,
        "if words[i] == words[j]:",
        "if words[i] == words[j] + 99:",
    ),
    "a repeated negative counted once": (
        TILES,
        "emit.load_vector(u, place), sums[n]), u, place)",
        "(early := early if n else of_outsides(k, columns))[n], sums[n]), u, place)",
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
    "the first negative drawn twice": (
        KERNEL,
        "drawn[place - first, pair * negatives + j]",
        "drawn[place - first, max(1, pair * negatives + j - 1)]",
    ),
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

BOUND_MUTANTS = {
    "a bound that is never used": (
        KERNEL,
        "centers, chosen, size, step, dim",
        "centers, chosen, size, rate, dim",
    ),
    "a coarse curvature": (STABILITY, "_CURVATURE = 0.25", "_CURVATURE = 0.5"),
    "a repeat that does not count": (
        STABILITY,
        "            steps += words[j] == words[i]",
        "            steps += j == i",
    ),
    "other threads that do not count": (
        STABILITY,
        "steps = times * np.float64(others[words[i]])",
        "steps = 0.0",
    ),
    "other threads that count once for a whole group": (
        STABILITY,
        "others.centers, M)",
        "others.centers, 1)",
    ),
    "other threads left out of the first look": (
        STABILITY,
        "M * (1 + others.most_centers), count + others.most_outsides",
        "M, count",
    ),
    "the last row left out": (
        STABILITY,
        "    for i in range(count):\n        of_row",
        "    for i in range(count - 1):\n        of_row",
    ),
    "the bound of V alone": (
        STABILITY,
        "1.0 / max(by_V, by_U)",
        "1.0 / by_V",
    ),
    "a step that is shortened once for all": (
        KERNEL,
        "step = rate\n",
        "step = rate = min(rate, 0.01)\n",
    ),
    "shortened pairs counted as steps": (
        KERNEL,
        "shortened_pairs += size",
        "shortened_pairs += 1",
    ),
}


BATCH_MUTANTS = {
    "changes of the batch before": ("changes_V.rows[first_row + place, k] = 0", "pass"),
    "a slice left out": (
        "    for number in range(slices):\n        for at in range(starts[number, part], "
        "starts[number, part + 1]):\n            if at",
        "    for number in range(1, slices):\n        for at in range(starts[number, part], "
        "starts[number, part + 1]):\n            if at",
    ),
    "rows that change while others compute": (
        "tiles.gradients(S, G, V, U,",
        "V[words[place], 0] += 1e-6\n            tiles.gradients(S, G, V, U,",
    ),
    "terms that are not counted": ("+= changes.terms[number, place]", "+= 1"),
    "terms that are not forgotten": ("counts[words[number, order[number, at]]] = 0", "pass"),
    "a word without its damping": (
        "changes.rows, number * places + place, share, dim",
        "changes.rows, number * places + place, share * 0 + 1, dim",
    ),
}


def kernel_from(sources: dict[Path, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """train_block and train_batches as these sources define them, compiled afresh."""
    parts = {}
    for path in IN_ORDER:
        name = NAMES[path]
        part = types.ModuleType(name)
        part.__file__ = str(path)
        monkeypatch.setitem(sys.modules, name, part)
        monkeypatch.setattr(name, part)
        # Compiled under another file's name, numba finds no source and keeps no cache.
        exec(compile(sources[path], f"<{path.stem}>", "exec"), part.__dict__)
        parts[path] = part
    monkeypatch.setattr(batched, "train_batches", parts[BATCHES].train_batches)
    return parts[KERNEL].train_block


def assert_proven(train_block: Any) -> None:
    lines = random_lines(1, 6, [1, 9, 2, 60, 40])
    training = ReplayableTraining.random(lines, 6, embedding_dim=16, negatives=5, keep=0.8, seed=3)
    expected = training.replay()
    middle = len(training.corpus) // 2
    loss = sum(
        training.run(train_block, start, stop)[0]
        for start, stop in ((0, middle), (middle, len(training.corpus)))
    )
    assert_close(training.V, expected.V, EXACT)
    assert_close(training.U, expected.U, EXACT)
    assert_close(loss, expected.loss, EXACT)
    assert np.isfinite(loss)


def assert_bounds_proven(train_block: Any) -> None:
    for others in (None, others_of(10, 3)):
        lines = random_lines(1, 10, [1, 9, 2, 30, 1, 17])
        training = ReplayableTraining.random(lines, 10, negatives=5, keep=0.8, seed=3)
        training.is_bounded, training.first_rate, training.rate_slope = True, 0.1, -1e-3
        training.others = others
        expected = training.replay()
        *_, pairs, shortened = training.run(train_block)
        assert 0 < expected.shortened_pairs < pairs
        assert_close(training.V, expected.V, EXACT)
        assert_close(training.U, expected.U, EXACT)
        assert_close(shortened, expected.shortened_pairs, EXACT)


def assert_batches_proven() -> None:
    training = training_of(negatives=5)
    task = task_of(training)
    V, U, _ = replayed(training, task, slice_tokens=3)
    trained(task, 1, slice_tokens=3)
    assert_close(task.parameters.V, V, EXACT)
    assert_close(task.parameters.U, U, EXACT)


def sources() -> dict[Path, str]:
    return {path: path.read_text() for path in IN_ORDER}


@pytest.mark.slow  # compiles them
def test_the_kernels_as_they_stand_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    train_block = kernel_from(sources(), monkeypatch)
    assert_proven(train_block)
    assert_bounds_proven(train_block)
    assert_batches_proven()


@pytest.mark.slow  # each compiles a kernel: some two seconds
@pytest.mark.parametrize("name", MUTANTS)
def test_the_proof_rejects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, right, wrong = MUTANTS[name]
    changed = sources()
    assert changed[file].count(right) == 1, "the mutant must change exactly one place"
    changed[file] = changed[file].replace(right, wrong)
    mutant = kernel_from(changed, monkeypatch)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_proven(mutant)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOUND_MUTANTS)
def test_the_proof_of_bounds_rejects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, right, wrong = BOUND_MUTANTS[name]
    changed = sources()
    assert changed[file].count(right) == 1, "the mutant must change exactly one place"
    changed[file] = changed[file].replace(right, wrong)
    mutant = kernel_from(changed, monkeypatch)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_bounds_proven(mutant)


@pytest.mark.slow
@pytest.mark.parametrize("name", BATCH_MUTANTS)
def test_the_proof_of_batches_rejects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = BATCH_MUTANTS[name]
    changed = sources()
    (file,) = [file for file in (BATCHES, CHANGES) if right in changed[file]]
    changed[file] = changed[file].replace(right, wrong)
    kernel_from(changed, monkeypatch)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_batches_proven()
