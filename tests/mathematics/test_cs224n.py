"""The course's interface against the numbers that the course publishes."""

import inspect
import json
import random
import re
from pathlib import Path

import numpy as np
import pytest

from comparison import EXACT, assert_close
from skipgram import cs224n, equations
from skipgram.cs224n import (
    getNegativeSamples,
    gradcheck_naive,
    load_saved_params,
    naiveSoftmaxLossAndGradient,
    negSamplingLossAndGradient,
    normalizeRows,
    save_params,
    sgd,
    sigmoid,
    skipgram,
    softmax,
    word2vec_sgd_wrapper,
)
from skipgram.errors import FormatError, SettingsError, SkipgramError

COURSE = json.loads((Path(__file__).parent / "data" / "cs224n.json").read_text(encoding="utf-8"))
WORDS = COURSE["words"]
WORD_TO_ID = {word: number for number, word in enumerate(WORDS)}
VECTORS = np.array(COURSE["vectors"]["rows"])
CENTERS, OUTSIDES = VECTORS[:5], VECTORS[5:]


class DummyDataset:
    """Five words, drawn evenly from the global `random`, as in the course's checks."""

    def sampleTokenIdx(self):
        return random.randint(0, 4)

    def getRandomContext(self, C=5):
        center = WORDS[random.randint(0, 4)]
        return center, [WORDS[random.randint(0, 4)] for _ in range(2 * C)]


@pytest.fixture(autouse=True)
def the_random_states_are_left_as_they_were():
    states = random.getstate(), np.random.get_state()
    yield
    random.setstate(states[0])
    np.random.set_state(states[1])


def quadratic(x):
    return np.sum(x**2), 2 * x


def batch_loss(loss_and_gradient):
    """The function of wordVectors that the course checks and trains with."""
    return lambda vectors: word2vec_sgd_wrapper(
        skipgram, WORD_TO_ID, vectors, DummyDataset(), 5, loss_and_gradient
    )


def assert_printed(actual, expected, last_digit):
    """The printed number is the computed one, rounded: half a unit away at most."""
    assert_close(actual, expected, 0.5001 * last_digit, relative=False)


# The published numbers


@pytest.mark.parametrize("function", [sigmoid, softmax, normalizeRows])
def test_a_function_returns_what_the_course_printed(function):
    for case in COURSE[function.__name__]:
        assert_printed(function(np.array(case["x"])), case["expected"], case["last_digit"])


def test_the_course_vectors_are_normalized_random_rows():
    np.random.seed(9265)
    assert_close(normalizeRows(np.random.randn(10, 3)), VECTORS, EXACT)


def test_the_naive_softmax_window_returns_what_the_course_printed():
    case = COURSE["skipgram_naive_softmax"]
    loss, by_centers, by_outsides = skipgram(
        case["center"],
        case["window"],
        case["outside"],
        WORD_TO_ID,
        CENTERS,
        OUTSIDES,
        DummyDataset(),
        naiveSoftmaxLossAndGradient,
    )
    expected, last_digit = case["expected"], case["last_digit"]
    assert_printed(loss, expected["loss"], last_digit["loss"])
    assert_printed(by_centers, expected["dV"], last_digit["dV"])
    assert_printed(by_outsides, expected["dU"], last_digit["dU"])


def test_the_negative_sampling_window_returns_what_the_course_printed_draw_by_draw(capsys):
    case = COURSE["skipgram_negative_sampling"]
    draws = []

    def recorded(outsideWordIdx, dataset, K):
        draws.append(getNegativeSamples(outsideWordIdx, dataset, K))
        return draws[-1]

    # The course's checks come first, and leave the random stream where its numbers begin.
    random.seed(31415)
    assert gradcheck_naive(batch_loss(naiveSoftmaxLossAndGradient), VECTORS)
    assert gradcheck_naive(batch_loss(negSamplingLossAndGradient), VECTORS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cs224n, "getNegativeSamples", recorded)
        loss, by_centers, by_outsides = skipgram(
            case["center"],
            case["window"],
            case["outside"],
            WORD_TO_ID,
            CENTERS,
            OUTSIDES,
            DummyDataset(),
            negSamplingLossAndGradient,
        )
    expected, last_digit = case["expected"], case["last_digit"]
    assert draws == case["negatives"]
    assert_printed(loss, expected["loss"], last_digit["loss"])
    assert_printed(by_centers, expected["dV"], last_digit["dV"])
    assert_printed(by_outsides, expected["dU"], last_digit["dU"])


def test_gradient_descent_arrives_where_the_course_printed(capsys):
    case = COURSE["sgd"]
    x = sgd(
        lambda x: (x**2, 2 * x),
        case["x0"],
        case["step"],
        case["iterations"],
        PRINT_EVERY=case["print_every"],
    )
    assert_printed(x, case["expected"]["x"], case["last_digit"]["x"])
    printed = re.findall(r"iteration (\d+): (\S+)", capsys.readouterr().out)
    assert [int(iteration) for iteration, _ in printed] == list(range(100, 1001, 100))
    assert [float(mean) for _, mean in printed] == case["expected"]["ema_loss"]


# The course's signatures


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (sigmoid, "x"),
        (softmax, "x"),
        (normalizeRows, "x"),
        (naiveSoftmaxLossAndGradient, "centerWordVec outsideWordIdx outsideVectors dataset"),
        (getNegativeSamples, "outsideWordIdx dataset K"),
        (negSamplingLossAndGradient, "centerWordVec outsideWordIdx outsideVectors dataset K"),
        (
            skipgram,
            "currentCenterWord windowSize outsideWords word2Ind centerWordVectors "
            "outsideVectors dataset word2vecLossAndGradient",
        ),
        (
            word2vec_sgd_wrapper,
            "word2vecModel word2Ind wordVectors dataset windowSize word2vecLossAndGradient",
        ),
        (gradcheck_naive, "f x gradientText"),
        (sgd, "f x0 step iterations postprocessing useSaved PRINT_EVERY"),
    ],
)
def test_a_function_takes_the_course_parameters(function, parameters):
    assert list(inspect.signature(function).parameters) == parameters.split()


def test_everything_the_module_offers_is_tested_here():
    assert set(cs224n.__all__) <= set(globals())


# The losses, by the equations


def test_a_negative_that_hits_the_outside_word_is_drawn_again():
    class Scripted:
        def __init__(self):
            self.script = iter([3, 1, 3, 3, 0, 1])

        def sampleTokenIdx(self):
            return next(self.script)

    dataset = Scripted()
    assert getNegativeSamples(3, dataset, 3) == [1, 0, 1]
    assert next(dataset.script, "all used") == "all used"


def test_the_course_losses_are_the_equations():
    v_c = CENTERS[2]
    for actual, expected in zip(
        naiveSoftmaxLossAndGradient(v_c, 1, OUTSIDES, DummyDataset()),
        equations.naive_softmax(v_c, 1, OUTSIDES),
        strict=True,
    ):
        assert_close(actual, expected, EXACT)
    random.seed(1)
    negatives = getNegativeSamples(1, DummyDataset(), 7)
    random.seed(1)
    for actual, expected in zip(
        negSamplingLossAndGradient(v_c, 1, OUTSIDES, DummyDataset(), K=7),
        equations.negative_sampling(v_c, 1, negatives, OUTSIDES),
        strict=True,
    ):
        assert_close(actual, expected, EXACT)


def test_a_batch_is_the_mean_of_fifty_windows():
    random.seed(2)
    loss, gradient = batch_loss(naiveSoftmaxLossAndGradient)(VECTORS)
    random.seed(2)
    dataset, windows = DummyDataset(), []
    for _ in range(50):
        size = random.randint(1, 5)
        center, context = dataset.getRandomContext(size)
        windows.append(
            equations.skip_gram(
                WORD_TO_ID[center], [WORD_TO_ID[word] for word in context], CENTERS, OUTSIDES
            )
        )
    assert_close(loss, np.mean([window.loss for window in windows]), EXACT)
    assert_close(gradient[:5], np.mean([window.V for window in windows], axis=0), EXACT)
    assert_close(gradient[5:], np.mean([window.U for window in windows], axis=0), EXACT)


def test_normalizing_leaves_a_row_of_zeros_and_the_input_alone():
    rows = np.array([[0.0, 0.0], [3.0, 4.0]])
    assert_close(normalizeRows(rows), np.array([[0.0, 0.0], [0.6, 0.8]]), EXACT)
    assert rows[1].tolist() == [3, 4]


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
