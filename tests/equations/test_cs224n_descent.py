"""The course's gradient check and gradient descent, and the files that descent leaves."""

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from skipgram import cs224n
from skipgram.cs224n import (
    gradcheck_naive,
    load_saved_params,
    normalizeRows,
    save_params,
    sgd,
)
from skipgram.errors import FormatError, SettingsError, SkipgramError


def quadratic(x):
    return np.sum(x**2), 2 * x


# The gradient check


@pytest.mark.parametrize("x", [np.array(123.456), np.arange(3.0), np.ones((4, 5))], ids=np.shape)
def test_a_right_gradient_passes_and_says_so(x, capsys):
    assert gradcheck_naive(quadratic, x)
    assert capsys.readouterr().out == "Gradient check passed!\n"


def test_a_wrong_gradient_fails_and_says_where(capsys):
    def wrong_in_one_place(x):
        loss, gradient = quadratic(x)
        gradient[1, 0] += 0.001
        return loss, gradient

    assert not gradcheck_naive(wrong_in_one_place, np.ones((2, 2)), "the quadratic")
    assert re.fullmatch(
        r"Gradient check failed for the quadratic: at \(1, 0\) the gradient is 2\.001, "
        r"the central difference (2\.0000|1\.9999)\d*\.\n",
        capsys.readouterr().out,
    )


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_gradient_that_is_no_number_fails(value, capsys):
    assert not gradcheck_naive(lambda x: (np.sum(x), np.full(x.shape, value)), np.ones(2))
    assert f"at (0,) the gradient is {value}" in capsys.readouterr().out


def test_a_loss_that_is_infinite_nearby_fails(capsys):
    assert not gradcheck_naive(lambda x: (np.inf if x[0] > 1 else 0.0, x), np.ones(1))
    assert "the central difference inf" in capsys.readouterr().out


def test_a_gradient_of_another_shape_fails(capsys):
    assert not gradcheck_naive(lambda x: (np.sum(x), np.ones(1)), np.ones(2))
    assert capsys.readouterr().out == "Gradient check failed: shape (1,), where x has (2,).\n"


def test_a_loss_that_draws_sees_the_same_draws_at_every_call(capsys):
    def drawing(x):
        factor = random.random() + np.random.rand()
        return factor * np.sum(x), np.full(x.shape, factor)

    random.seed(3)
    np.random.seed(3)
    drawing(np.ones(3))
    after_one_call = random.random(), np.random.rand()
    random.seed(3)
    np.random.seed(3)
    assert gradcheck_naive(drawing, np.ones(3))
    assert (random.random(), np.random.rand()) == after_one_call


def test_the_gradient_check_leaves_its_input_alone(capsys):
    x = np.arange(3.0)
    gradcheck_naive(quadratic, x)
    assert x.tolist() == [0, 1, 2]


# Gradient descent, and its files


@pytest.fixture
def working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_step_is_halved_every_so_many_iterations(monkeypatch, capsys):
    monkeypatch.setattr(cs224n, "ANNEAL_EVERY", 3)
    places = []
    sgd(lambda x: (0.0, places.append(x) or 1.0), 0.0, 1.0, 8)
    assert np.diff(places).tolist() == [-1, -1, -1, -0.5, -0.5, -0.5, -0.25]


def test_the_step_is_halved_every_twenty_thousand_iterations_and_saved_every_five_thousand():
    assert (cs224n.ANNEAL_EVERY, cs224n.SAVE_PARAMS_EVERY, cs224n.BATCH_SIZE) == (20_000, 5_000, 50)


def test_gradient_descent_leaves_its_start_alone(capsys):
    x0 = np.ones(3)
    assert_close(sgd(quadratic, x0, 0.1, 1), np.full(3, 0.8), EXACT)
    assert x0.tolist() == [1, 1, 1]


def test_postprocessing_follows_every_step(capsys):
    x = sgd(quadratic, np.array([[3.0, 4.0]]), 0.1, 5, postprocessing=normalizeRows)
    assert_close(x, np.array([[0.6, 0.8]]), EXACT)


def noisy(x):
    noise = random.gauss(0, 1)  # keeps a second draw in the state of `random`
    return float(x @ x), 2 * x + noise


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(working_directory, monkeypatch, capsys):
    monkeypatch.setattr(cs224n, "SAVE_PARAMS_EVERY", 5)
    monkeypatch.setattr(cs224n, "ANNEAL_EVERY", 7)
    random.seed(4)
    without_a_break = sgd(noisy, np.ones(3), 0.1, 20)
    random.seed(4)
    sgd(noisy, np.ones(3), 0.1, 13, useSaved=True)
    random.seed(999)
    resumed = sgd(noisy, np.ones(3), 0.1, 20, useSaved=True)
    assert (resumed == without_a_break).all()


def test_a_run_that_does_not_ask_for_it_saves_nothing(working_directory, monkeypatch, capsys):
    monkeypatch.setattr(cs224n, "SAVE_PARAMS_EVERY", 1)
    sgd(quadratic, np.ones(3), 0.1, 3)
    assert list(working_directory.iterdir()) == []


def test_saved_parameters_come_back_with_the_state_of_random(working_directory):
    random.seed(5)
    random.gauss(0, 1)
    state = random.getstate()
    for iteration in (900, 1000):
        save_params(iteration, np.full((2, 3), float(iteration)))
    iteration, params, saved_state = load_saved_params()
    assert iteration == 1000
    assert_close(params, np.full((2, 3), 1000.0), EXACT)
    assert saved_state == state


def test_saving_leaves_two_files_without_pickle_and_nothing_unfinished(working_directory):
    save_params(7, np.ones(3))
    names = sorted(path.name for path in working_directory.iterdir())
    assert names == ["saved_params_7.npy", "saved_state_7.json"]
    np.load("saved_params_7.npy", allow_pickle=False)
    json.loads(Path("saved_state_7.json").read_text())


def test_a_save_that_fails_leaves_the_old_file_whole(working_directory, monkeypatch):
    save_params(7, np.ones(3))

    def torn(file, params, allow_pickle):
        file.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(np, "save", torn)
    with pytest.raises(SkipgramError, match="no space left"):
        save_params(7, np.zeros(3))
    assert load_saved_params()[1].tolist() == [1, 1, 1]
    assert len(list(working_directory.iterdir())) == 2


def test_where_nothing_was_saved_a_run_starts_from_its_start(working_directory, capsys):
    Path("saved_params_best.npy").write_bytes(b"somebody else's")
    assert load_saved_params() == (0, None, None)
    assert_close(sgd(quadratic, np.ones(3), 0.1, 1, useSaved=True), np.full(3, 0.8), EXACT)


def test_parameters_without_their_state_are_refused(working_directory):
    save_params(7, np.ones(3))
    Path("saved_state_7.json").unlink()
    message = r"saved_params_7\.npy has no saved_state_7\.json beside it: restore it"
    with pytest.raises(FormatError, match=message):
        load_saved_params()


def test_saved_parameters_of_another_shape_are_refused(working_directory):
    save_params(7, np.ones(3))
    message = r"x of iteration 7 was saved with the shape \(3,\), and x0 has \(2,\): move"
    with pytest.raises(SettingsError, match=message):
        sgd(quadratic, np.ones(2), 0.1, 10, useSaved=True)
