"""Lots computed by a cluster: the bits of one machine, whatever becomes of its workers."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.clusters import stored_files
from helpers.exact_problems import SAMPLING, parameters_of, problem_of, random_counts, sweep_trainer
from skipgram.cluster import gradients as cluster_gradients
from skipgram.cluster.calls import StuckError
from skipgram.cluster.gradients import ClusterGradients
from skipgram.errors import ClusterError
from skipgram.training.exact.gradients import ExactGradients

WORDS = 120


@pytest.fixture(autouse=True)
def nothing_is_small(monkeypatch):
    monkeypatch.setattr(cluster_gradients, "LEAST_FLOP", 0.0)


@pytest.mark.parametrize("objective", [{}, SAMPLING])
@pytest.mark.parametrize("lots", [1, 3, 8, 40])
def test_a_cluster_gives_the_bits_of_one_machine_with_the_same_lots(
    in_process_cluster, objective, lots
):
    problem = problem_of(random_counts(WORDS), np.float32, **objective)
    parameters = parameters_of(WORDS, 16, dtype=np.float32)
    V, U = parameters.V, parameters.U
    alone = ExactGradients(problem.objective, lots=lots, most_block_rows=4)
    together = ClusterGradients(problem.objective, in_process_cluster, lots, 4)
    before = stored_files()
    for centers in (np.arange(WORDS), np.array([3, 7, 70]), np.array([5])):
        one, other = alone.of(V, U, centers), together.of(V, U, centers)
        assert one.loss == other.loss
        np.testing.assert_array_equal(one.center, other.center)
        np.testing.assert_array_equal(one.outside, other.outside)
        assert alone.loss(V, U, centers) == together.loss(V, U, centers)
    together.close()
    assert stored_files() == before


def test_another_number_of_lots_gives_other_last_digits():
    problem = problem_of(random_counts(WORDS), np.float32)
    parameters = parameters_of(WORDS, 16, dtype=np.float32)
    of = [
        ExactGradients(problem.objective, lots=lots).of(
            parameters.V, parameters.U, np.arange(WORDS)
        )
        for lots in (8, 3)
    ]
    np.testing.assert_allclose(of[0].outside, of[1].outside, rtol=1e-3, atol=1e-3)
    assert not np.array_equal(of[0].outside, of[1].outside)


def test_a_whole_training_on_a_cluster_has_the_bits_of_one_machine(in_process_cluster):
    values = {"levels": 2, "sweeps": 4, "lots": 3, "holdout": 0.1}

    def on_cluster(objective, lots):
        return ClusterGradients(objective, in_process_cluster, lots)

    before = stored_files()
    alone = sweep_trainer(**values)
    together = replace(sweep_trainer(**values), gradients_of=on_cluster)
    for trainer in (alone, together):
        list(trainer)
    for name in ("V", "U"):
        np.testing.assert_array_equal(
            getattr(alone.all_parameters, name), getattr(together.all_parameters, name)
        )
    assert [end.objective for end in alone.state.ends] == [
        end.objective for end in together.state.ends
    ]
    together._gradients.close()
    assert stored_files() == before


def test_small_groups_stay_with_the_driver(in_process_cluster, monkeypatch):
    monkeypatch.setattr(cluster_gradients, "LEAST_FLOP", 1e10)
    problem = problem_of(random_counts(30), np.float32)
    parameters = parameters_of(30, 16, dtype=np.float32)
    before = stored_files()
    together = ClusterGradients(problem.objective, in_process_cluster)
    found = together.of(parameters.V, parameters.U, np.arange(30))
    alone = ExactGradients(problem.objective).of(parameters.V, parameters.U, np.arange(30))
    assert found.loss == alone.loss
    assert stored_files() == before, "nothing was handed out"


@pytest.mark.parametrize("times", [1, 3])
def test_lots_that_are_lost_on_their_way_are_computed_again(in_process_cluster, monkeypatch, times):
    calls = in_process_cluster.calls
    whole, left = calls.results, [times]

    def results(function, arguments, *, near=(), **more):
        if near and left[0]:
            left[0] -= 1
            raise StuckError("gone")
        return whole(function, arguments, near=near, **more)

    monkeypatch.setattr(calls, "results", results)
    problem = problem_of(random_counts(30), np.float32)
    parameters = parameters_of(30, 16, dtype=np.float32)
    given = parameters.V, parameters.U, np.arange(30)
    found = ClusterGradients(problem.objective, in_process_cluster).of(*given)
    np.testing.assert_array_equal(
        found.outside, ExactGradients(problem.objective).of(*given).outside
    )
    assert left == [0]


def test_lots_that_are_lost_again_and_again_are_an_error(in_process_cluster, monkeypatch):
    def results(function, arguments, *, near=(), **more):
        raise StuckError("gone")

    monkeypatch.setattr(in_process_cluster.calls, "results", results)
    problem = problem_of(random_counts(30), np.float32)
    parameters = parameters_of(30, 16, dtype=np.float32)
    before = stored_files()
    together = ClusterGradients(problem.objective, in_process_cluster)
    with pytest.raises(
        ClusterError, match=r"lost 4 times on their way between workers: .*cluster_deadline"
    ):
        together.of(parameters.V, parameters.U, np.arange(30))
    together.close()
    assert stored_files() == before


def test_lots_that_a_worker_has_no_memory_for_are_refused_with_words_that_would_fit(
    in_process_cluster, monkeypatch
):
    monkeypatch.setattr(type(in_process_cluster), "size", (2, 2, 400_000_000))
    problem = problem_of(random_counts(WORDS), np.float32)
    parameters = parameters_of(WORDS, 16, dtype=np.float32)
    together = ClusterGradients(problem.objective, in_process_cluster, lots=4000)
    monkeypatch.setattr("skipgram.cluster.memory.MOST_BLOCK_ROWS", 200_000)
    with pytest.raises(
        ClusterError,
        match=r"sweeps over 120 words need \S+ GB of memory on each worker, and the smallest has "
        r"0\.40 GB: .*some \d+ would fit \(?softmax_vocabulary=\d+",
    ):
        together.of(parameters.V, parameters.U, np.arange(WORDS))
