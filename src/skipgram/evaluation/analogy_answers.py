"""Which candidate answers each question best.

Few words are asked about, over and over: of one block of candidates after another, one small
product has the cosines with all of them, and a question's scores add or multiply three of its rows.

Source: Mikolov et al. 2013 (arXiv:1301.3781) for 3CosAdd; Levy & Goldberg 2014 for its name and for
3CosMul.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, NamedTuple, TypeAlias, cast, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.system.blas import one_blas_thread
from skipgram.system.machine import usable_threads
from skipgram.system.threads import side_by_side
from skipgram.vectors.search import RowSearch

Method = Literal["3CosAdd", "3CosMul"]
"""cos b − cos a + cos c; or cos b · cos c / (cos a + ε), with cosines moved to 0..1."""

EPSILON = 0.001
"""Of 3CosMul, against division by zero; Levy & Goldberg's."""

Places = NDArray[np.int32]
"""Of candidates, by falling frequency."""
Improve: TypeAlias = Callable[
    [NDArray[np.float32], Places, Places, int, NDArray[np.float32], Places], None
]
"""What `improve_by_sum` does."""

_Found: TypeAlias = tuple[NDArray[np.float32], Places]
"""The largest scores so far, and the candidates that have them."""


def known_method(given: str) -> Method:
    """The method of that name, in any case: SettingsError if there is none."""
    for method in get_args(Method):
        if isinstance(given, str) and given.casefold() == method.casefold():
            return cast(Method, method)
    raise SettingsError(f"method is {given!r:.60}, not one of: {', '.join(get_args(Method))}")


class Sizes(NamedTuple):
    """How much is worked on at a time; the answers do not depend on it."""

    questions: int = 4096
    candidates: int = 1024
    cosines: int = 1 << 19
    """of a block, 2 MB: they are read again and again, out of a core's second-level cache"""
    worth_loading: int = 1 << 29
    """So many scores: for fewer, NumPy is done before compiled code is loaded"""


_SIZES = Sizes()
_FEWEST_CANDIDATES = 64
_ROWS_AT_ONCE = 4096
_QUESTIONS_AT_ONCE = 128
"""Whose scores NumPy writes down."""


class Asked(NamedTuple):
    """Questions in numbers."""

    terms: Places
    """shape (questions, 3): a, b and c"""
    left_out: Places
    """shape (questions, n): what is no answer"""


def best_answers(
    search: RowSearch,
    candidates: NDArray[np.integer],
    asked: Asked,
    method: Method = "3CosAdd",
    sizes: Sizes = _SIZES,
) -> Places:
    """The place of the best candidate for each question, -1 if all are left out.

    Of equal ones it is the first. candidates: the rows of `search` that may be answers, none of
    them zero.
    """
    questions, threads = len(asked.terms), usable_threads()
    improve = _improving(method, questions * len(candidates) >= sizes.worth_loading)
    words, batches = _batches(asked.terms, sizes.questions)
    unit_words = _unit(search, candidates[words])
    most_words = max((len(batch.words) for batch in batches), default=1)
    block = max(_FEWEST_CANDIDATES, min(sizes.candidates, sizes.cosines // most_words))
    stretches = [
        (starts, _no_answers(questions)) for starts in _cut(len(candidates), block, threads)
    ]

    def work(stretch: tuple[range, _Found]) -> None:
        starts, (best, answers) = stretch
        for start in starts:
            of_block = _unit(search, candidates[start : start + block]).T
            for own, words, terms in batches:
                cosines = unit_words[words] @ of_block
                if method == "3CosMul":
                    cosines += 1
                    cosines /= 2
                improve(cosines, terms, asked.left_out[own], start, best[own], answers[own])

    with one_blas_thread():
        side_by_side(work, stretches, threads)
    best, answers = _no_answers(questions)
    for _, (scores, places) in stretches:
        is_better = scores > best
        best[is_better], answers[is_better] = scores[is_better], places[is_better]
    return answers


class _Batch(NamedTuple):
    questions: slice
    words: NDArray[np.intp]
    """places of those that they ask about"""
    terms: Places
    """shape (questions, 3): the places of a, b and c among these"""


def _batches(terms: Places, at_once: int) -> tuple[Places, list[_Batch]]:
    """All words that are asked about, and which of them some questions at a time need.

    Questions that stand together are of one section, and share their words.
    """
    words, places = np.unique(terms, return_inverse=True)
    places, batches = places.reshape(-1, 3), []
    for start in range(0, len(terms), at_once):
        questions = slice(start, start + at_once)
        own, of_own = np.unique(places[questions], return_inverse=True)
        batches.append(_Batch(questions, own, of_own.reshape(-1, 3).astype(np.int32)))
    return words, batches


def _unit(search: RowSearch, ids: NDArray[np.integer]) -> NDArray[np.float32]:
    unit = np.empty((len(ids), search.rows.shape[1]), np.float32)
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        unit[some] = search.unit(ids[some])
    return unit


def _cut(candidates: int, block: int, threads: int) -> Iterator[range]:
    """The first candidates of the blocks: two stretches of them for each thread."""
    starts = range(0, candidates, block)
    length = max(1, -(-len(starts) // (2 * threads)))
    return (starts[first : first + length] for first in range(0, len(starts), length))


def _no_answers(questions: int) -> _Found:
    return np.full(questions, -np.inf, np.float32), np.full(questions, -1, np.int32)


def _improving(method: Method, is_compiled: bool) -> Improve:
    epsilon = np.float32(EPSILON)
    if not is_compiled:
        if method == "3CosAdd":
            return improve_by_sum
        return partial(improve_by_product, epsilon=epsilon)
    from skipgram.evaluation import analogy_kernels  # half a second

    if method == "3CosAdd":
        return analogy_kernels.improve_by_sum  # type: ignore[no-any-return]
    return lambda *arguments: analogy_kernels.improve_by_product(*arguments, epsilon)


def improve_by_sum(
    cosines: NDArray[np.float32],
    terms: Places,
    left_out: Places,
    first: int,
    best: NDArray[np.float32],
    answers: Places,
) -> None:
    """3CosAdd: answer with the candidates of larger cos b − cos a + cos c.

    Parameters
    ----------
    cosines
        Of the words of the questions with a block of candidates: shape (words, block).
    terms
        The rows of a, b and c: shape (questions, 3).
    left_out
        Candidates that are no answer: shape (questions, n).
    first
        The block's first candidate.
    best
        The largest score of each question so far, which is raised.
    answers
        The candidate that has it.

    """
    for some in _parts(len(terms)):
        a, b, c = terms[some].T
        scores = cosines[b]
        scores -= cosines[a]
        scores += cosines[c]
        _take_better(scores, left_out[some], first, best[some], answers[some])


def improve_by_product(
    cosines: NDArray[np.float32],
    terms: Places,
    left_out: Places,
    first: int,
    best: NDArray[np.float32],
    answers: Places,
    epsilon: np.float32,
) -> None:
    """3CosMul: the same with cos b · cos c / (cos a + ε), of cosines moved to 0..1."""
    for some in _parts(len(terms)):
        a, b, c = terms[some].T
        scores = cosines[b]
        scores *= cosines[c]
        scores /= cosines[a] + epsilon
        _take_better(scores, left_out[some], first, best[some], answers[some])


def _parts(questions: int) -> Iterator[slice]:
    starts = range(0, questions, _QUESTIONS_AT_ONCE)
    return (slice(start, start + _QUESTIONS_AT_ONCE) for start in starts)


def _take_better(
    scores: NDArray[np.float32],
    left_out: Places,
    first: int,
    best: NDArray[np.float32],
    answers: Places,
) -> None:
    """Where a block has a better candidate, which most have not."""
    rows = np.flatnonzero(scores.max(axis=1) > best)
    if not len(rows):
        return
    scores, columns = scores[rows], left_out[rows] - first
    of_row, of_column = np.nonzero((columns >= 0) & (columns < scores.shape[1]))
    scores[of_row, columns[of_row, of_column]] = -np.inf
    places = scores.argmax(axis=1)
    largest = scores[np.arange(len(rows)), places]
    is_better = largest > best[rows]
    best[rows[is_better]] = largest[is_better]
    answers[rows[is_better]] = places[is_better] + first
