"""The course's interface against the numbers that the course publishes."""

import inspect
import json
import random
import re
from pathlib import Path

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from skipgram import cs224n, equations
from skipgram.cs224n import (
    getNegativeSamples,
    gradcheck_naive,
    naiveSoftmaxLossAndGradient,
    negSamplingLossAndGradient,
    normalizeRows,
    sgd,
    sigmoid,
    skipgram,
    softmax,
    word2vec_sgd_wrapper,
)

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


@pytest.mark.parametrize("name", cs224n.__all__)
def test_everything_the_module_offers_is_tested(name):
    sources = [file.read_text() for file in Path(__file__).parent.glob("test_cs224n*.py")]
    tests = [source[source.index("\ndef ") :] for source in sources]
    assert any(re.search(rf"\b{name}\b", test) for test in tests)


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
