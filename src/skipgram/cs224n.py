"""The same mathematics under the names and signatures of Stanford CS224n, assignment 2.

Students can run the course's own checks on these functions, or compare their answers with
them. They only translate: every formula is in `skipgram.equations`.

Randomness follows the course, too: samples come from the global `random` module in the
course's order, so that `random.seed` gives those behind its printed numbers.
"""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from skipgram import equations
from skipgram.equations import Array, sigmoid, softmax
from skipgram.errors import FormatError, SettingsError
from skipgram.system.files import whole_file

__all__ = [
    "getNegativeSamples",
    "gradcheck_naive",
    "load_saved_params",
    "naiveSoftmaxLossAndGradient",
    "negSamplingLossAndGradient",
    "normalizeRows",
    "save_params",
    "sgd",
    "sigmoid",
    "skipgram",
    "softmax",
    "word2vec_sgd_wrapper",
]

BATCH_SIZE = 50  # contexts in one call of word2vec_sgd_wrapper
SAVE_PARAMS_EVERY = 5_000  # iterations
ANNEAL_EVERY = 20_000  # iterations from one halving of the step to the next


class Dataset(Protocol):
    """What the functions below need from a corpus."""

    def sampleTokenIdx(self) -> int:
        """A word drawn from the noise distribution."""
        ...

    def getRandomContext(self, C: int = 5) -> tuple[str, Sequence[str]]:
        """A center word, and the words at most C places from it."""
        ...


LossAndGradients: TypeAlias = tuple[float, Array, Array]
PairLossAndGradient: TypeAlias = Callable[[Array, int, Array, Any], LossAndGradients]


def normalizeRows(x: ArrayLike) -> Array:
    """`x` with every row divided by its length; a row of zeros stays as it is."""
    rows = np.asarray(x, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit_rows: Array = rows / (lengths + 1e-30)  # the course's own guard against 0 / 0
    return unit_rows


def naiveSoftmaxLossAndGradient(
    centerWordVec: ArrayLike, outsideWordIdx: int, outsideVectors: ArrayLike, dataset: Any = None
) -> LossAndGradients:
    """The loss of `equations.naive_softmax`, gradCenterVec and gradOutsideVecs.

    The dataset is not used; the course's signature has it.
    """
    return equations.naive_softmax(centerWordVec, outsideWordIdx, outsideVectors)


def getNegativeSamples(outsideWordIdx: int, dataset: Dataset, K: int) -> list[int]:
    """K draws from the dataset's noise, each repeated while it hits the outside word.

    As in the course, this never returns if the noise has no other word.
    """
    negatives: list[int] = []
    while len(negatives) < K:
        word = dataset.sampleTokenIdx()
        if word != outsideWordIdx:
            negatives.append(word)
    return negatives


def negSamplingLossAndGradient(
    centerWordVec: ArrayLike,
    outsideWordIdx: int,
    outsideVectors: ArrayLike,
    dataset: Dataset,
    K: int = 10,
) -> LossAndGradients:
    """The loss of `equations.negative_sampling` with K draws, gradCenterVec and gradOutsideVecs."""
    negatives = getNegativeSamples(outsideWordIdx, dataset, K)
    return equations.negative_sampling(centerWordVec, outsideWordIdx, negatives, outsideVectors)


def skipgram(
    currentCenterWord: str,
    windowSize: int,
    outsideWords: Sequence[str],
    word2Ind: Mapping[str, int],
    centerWordVectors: ArrayLike,
    outsideVectors: ArrayLike,
    dataset: Any,
    word2vecLossAndGradient: PairLossAndGradient = naiveSoftmaxLossAndGradient,
) -> LossAndGradients:
    """The loss of `equations.skip_gram`, gradCenterVecs and gradOutsideVectors.

    windowSize is not used, since all outside words count; the course's signature has it.
    """
    return equations.skip_gram(
        word2Ind[currentCenterWord],
        [word2Ind[word] for word in outsideWords],
        centerWordVectors,
        outsideVectors,
        lambda v_c, o, U: word2vecLossAndGradient(v_c, o, U, dataset),
    )


def word2vec_sgd_wrapper(
    word2vecModel: Callable[..., LossAndGradients],
    word2Ind: Mapping[str, int],
    wordVectors: Array,
    dataset: Dataset,
    windowSize: int,
    word2vecLossAndGradient: PairLossAndGradient = naiveSoftmaxLossAndGradient,
) -> tuple[float, Array]:
    """The mean loss of 50 random windows, and its gradient by wordVectors.

    The upper half of wordVectors holds the center vectors, the lower half the outside
    vectors. The size of each window is drawn from 1 to windowSize.
    """
    vocab_size = len(wordVectors) // 2
    centers, outsides = wordVectors[:vocab_size], wordVectors[vocab_size:]
    total, gradient = 0.0, np.zeros(wordVectors.shape)
    for _ in range(BATCH_SIZE):
        size = random.randint(1, windowSize)
        center, context = dataset.getRandomContext(size)
        loss, by_centers, by_outsides = word2vecModel(
            center, size, context, word2Ind, centers, outsides, dataset, word2vecLossAndGradient
        )
        total += loss
        gradient[:vocab_size] += by_centers
        gradient[vocab_size:] += by_outsides
    return total / BATCH_SIZE, gradient / BATCH_SIZE


def gradcheck_naive(
    f: Callable[[Array], tuple[float, Array]], x: ArrayLike, gradientText: str = ""
) -> bool:
    """Whether f's gradient at x agrees with central differences; the answer is printed, too.

    f returns a loss and its gradient. The states of `random` and of NumPy are restored
    before each call, so that an f which draws samples always draws the same ones; on return
    they are as after one call. The two derivatives may differ by 1e-5 of the larger one,
    or of 1 where both are smaller.
    """
    h = 1e-4
    states = random.getstate(), np.random.get_state()

    def replayed(point: Array) -> tuple[float, Array]:
        random.setstate(states[0])
        np.random.set_state(states[1])
        return f(point)

    x = np.array(x, dtype=np.float64)
    gradient = np.asarray(replayed(x.copy())[1])
    label = f" for {gradientText}" if gradientText else ""
    if gradient.shape != x.shape:
        print(f"Gradient check failed{label}: shape {gradient.shape}, where x has {x.shape}.")
        return False
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += h
        below[index] -= h
        given = float(gradient[index])
        numerical = float(replayed(above)[0] - replayed(below)[0]) / (2 * h)
        difference = abs(numerical - given) / max(1.0, abs(numerical), abs(given))
        if not difference <= 1e-5:  # put this way, infinity and nan fail
            print(
                f"Gradient check failed{label}: at {index} the gradient is {given}, "
                f"the central difference {numerical}."
            )
            return False
    print("Gradient check passed!")
    return True


def sgd(
    f: Callable[[Any], tuple[float, Any]],
    x0: Any,
    step: float,
    iterations: int,
    postprocessing: Callable[[Any], Any] | None = None,
    useSaved: bool = False,
    PRINT_EVERY: int = 10,
) -> Any:
    """The x that `iterations` steps of stochastic gradient descent reach from x0.

    The step is halved every 20,000 iterations. Every PRINT_EVERY iterations a running mean
    of the loss is printed, 0.95 of the old mean and 0.05 of the loss at that iteration.
    With useSaved, x and the state of `random` are saved to the working directory every
    5,000 iterations, and a run starts from the last x that was saved there.

    Raises: SettingsError if the saved x has another shape than x0, FormatError as
    `load_saved_params`.
    """
    start, x = 0, x0
    if useSaved:
        start, saved, state = load_saved_params()
        if start:
            if saved.shape != np.shape(x0):
                raise SettingsError(
                    f"x of iteration {start} was saved with the shape {saved.shape}, and x0 has "
                    f"{np.shape(x0)}: move the saved_params files away, or start from that shape"
                )
            x = saved
            random.setstate(state)
    running_mean = None
    for iteration in range(start + 1, iterations + 1):
        # Counted from iteration 1, so that a resumed run halves when it should.
        halvings = (iteration - 1) // ANNEAL_EVERY
        loss, gradient = f(x)
        x = x - step * 0.5**halvings * gradient
        if postprocessing:
            x = postprocessing(x)
        if iteration % PRINT_EVERY == 0:
            running_mean = loss if running_mean is None else 0.95 * running_mean + 0.05 * loss
            print(f"iteration {iteration}: {running_mean:f}")
        if useSaved and iteration % SAVE_PARAMS_EVERY == 0:
            save_params(iteration, x)
    return x


def save_params(iteration: int, params: ArrayLike) -> None:
    """Save x and the state of `random` to the working directory, under the iteration's number."""
    # The parameters come last: if they exist, so does the state.
    with whole_file(_state_path(iteration), overwrite=True) as file:
        file.write(json.dumps(random.getstate()).encode())
    with whole_file(_params_path(iteration), overwrite=True) as file:
        np.save(file, params, allow_pickle=False)


def load_saved_params() -> tuple[int, Any, Any]:
    """The last iteration that was saved, its x and its state of `random`; or (0, None, None).

    Raises: FormatError if the state is missing beside the parameters.
    """
    names = [path.stem.split("_") for path in Path().glob("saved_params_*.npy")]
    last = max((int(name[-1]) for name in names if name[-1].isdecimal()), default=0)
    if last == 0:
        return 0, None, None
    params, state = _params_path(last), _state_path(last)
    if not state.exists():
        raise FormatError(f"{params} has no {state} beside it: restore it, or move {params} away")
    version, internal, gauss_next = json.loads(state.read_bytes())
    return last, np.load(params, allow_pickle=False), (version, tuple(internal), gauss_next)


def _params_path(iteration: int) -> Path:
    return Path(f"saved_params_{iteration}.npy")


def _state_path(iteration: int) -> Path:
    return Path(f"saved_state_{iteration}.json")
