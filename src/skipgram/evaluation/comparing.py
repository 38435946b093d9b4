"""Several sets of vectors, judged on the same items: is one better, or is it luck?

There are two kinds of luck. That of the items: other pairs or questions would
have given other scores. The items are drawn again, the same ones for both
systems, so that what is hard for both cancels out. And that of the seed: another
training would have given other vectors. It shows where a system comes with several trainings, and a
difference must stand out from both kinds.

Many comparisons find a difference somewhere by chance; so each is held to the
stricter level that Holm's procedure asks for.

Source: Efron and Tibshirani 1993; Berg-Kirkpatrick, Burkett and Klein 2012; Welch 1947; Holm 1979.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from skipgram.errors import SettingsError, concerning
from skipgram.evaluation.analogies import FIRST_WORDS, GOOGLE_ANALOGIES
from skipgram.evaluation.analogy_answers import Method
from skipgram.evaluation.battery import RATED, Battery, Paths
from skipgram.evaluation.comparison import Comparison, SystemScore
from skipgram.evaluation.differences import differences
from skipgram.evaluation.paired import Mean, each_alone, on_common_items
from skipgram.evaluation.resampling import RESAMPLES
from skipgram.evaluation.scores import Score, measures_of
from skipgram.system.paths import PathLike
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.word_vectors import WordVectors

Trainings = WordVectors | PathLike | Sequence[WordVectors | PathLike]


def compare_vectors(
    systems: Mapping[str, Trainings] | Sequence[WordVectors | PathLike],
    first_words: int = FIRST_WORDS,
    similarity: Paths = RATED,
    analogies: Paths = (GOOGLE_ANALOGIES,),
    *,
    categories: Paths = (),
    outliers: Paths = (),
    held_out: Paths = (),
    method: Method = "3CosAdd",
    spell: bool = False,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Judge systems by the same test sets: how they differ from the first, and how sure that is.

    A difference is over the items that both systems know. Its interval is that
    of other items of the same kind, drawn 2,000 times for both at once.
    With several trainings on both sides (other seeds), it must also stand out
    from their spread (Welch's t), and from both together. p-values are corrected by
    Holm's procedure for all systems and sets together. Each set is compared by its
    first measure.

    Parameters
    ----------
    systems
        By name: vectors or their path, or a sequence of them: trainings that differ only in their
        seed. Or a sequence of vectors and paths, each a system of its own.
    first_words, similarity, analogies, categories, outliers, held_out, method, spell, resamples
        As for `evaluate`.

    Raises
    ------
    FormatError
        If a test set or vectors cannot be read.
    SettingsError
        If fewer than two sets of vectors are given, or as for `evaluate`.

    """
    battery = Battery.read(
        first_words=first_words,
        similarity=similarity,
        analogies=analogies,
        categories=categories,
        outliers=outliers,
        held_out=held_out,
        method=method,
        spell=spell,
        resamples=resamples,
    )
    return compared(systems, battery)


def compared(
    systems: Mapping[str, Trainings] | Sequence[WordVectors | PathLike],
    battery: Battery,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Comparison:
    """The same with test sets that have been read; `tell` hears of each training that is judged."""
    named = _named(systems)
    total = sum(map(len, named.values()))
    scores: dict[str, list[tuple[Score, ...]]] = {name: [] for name in named}
    for name, trainings in named.items():
        for vectors in trainings:
            tell(sum(map(len, scores.values())), total)
            with concerning(name):
                scores[name].append(battery.scores(as_vectors(vectors), resamples=0))
    tell(total, total)
    by_set = tuple(
        {name: tuple(of_set) for name, of_set in zip(scores, of_systems, strict=True)}
        for of_systems in zip(*(zip(*of, strict=True) for of in scores.values()), strict=True)
    )
    return Comparison(
        tuple(named),
        tuple(map(len, named.values())),
        tuple(
            score
            for of_systems in by_set
            for name, of_set in of_systems.items()
            for score in system_scores(name, of_set, battery.resamples)
        ),
        differences(by_set, battery.resamples),
        battery,
        by_set,
    )


def _named(
    systems: Mapping[str, Trainings] | Sequence[WordVectors | PathLike],
) -> dict[str, list[WordVectors | PathLike]]:
    if isinstance(systems, Mapping):
        named = {name: _listed(given) for name, given in systems.items()}
    elif isinstance(systems, Iterable) and not isinstance(systems, str):
        named = _each_apart(list(systems))
    else:
        raise SettingsError(
            f"systems must be a mapping from names to vectors, or a list of vectors and paths, "
            f"not {type(systems).__name__}"
        )
    for name, trainings in named.items():
        if len({id(one) if isinstance(one, WordVectors) else str(one) for one in trainings}) < len(
            trainings
        ):
            raise SettingsError(
                f"system {name!r} has the same vectors twice; give trainings with different seeds"
            )
    if empty := next((name for name, trainings in named.items() if not trainings), None):
        raise SettingsError(f"system {empty!r} has no vectors")
    if (given := sum(map(len, named.values()))) < 2:
        raise SettingsError(f"a comparison needs two sets of vectors, not {given}")
    return named


def _listed(given: Trainings) -> list[WordVectors | PathLike]:
    if isinstance(given, WordVectors | str) or hasattr(given, "__fspath__"):
        return [given]
    if not isinstance(given, Iterable):
        raise SettingsError(
            f"the vectors of a system must be WordVectors, their path, or a sequence of them, not "
            f"{given!r:.60}"
        )
    return list(given)


def _each_apart(given: list[WordVectors | PathLike]) -> dict[str, list[WordVectors | PathLike]]:
    named: dict[str, list[WordVectors | PathLike]] = {}
    for number, one in enumerate(given, 1):
        name = f"vectors {number}" if isinstance(one, WordVectors) else str(one)
        named[name if name not in named else f"{name} ({number})"] = [one]
    return named


def system_scores(name: str, of_set: Sequence[Score], resamples: int) -> list[SystemScore]:
    """Every measure of a set, by all trainings of a system, over the items that all know."""
    outcomes = on_common_items([score.outcome for score in of_set])
    coverage, lost = of_set[0].coverage, len(of_set[0].outcome.asked) - len(outcomes[0].asked)
    if lost:
        coverage = replace(coverage, known=coverage.known - lost)
    measures = measures_of(Mean(outcomes), resamples)
    found = []
    for place, (measure, values) in enumerate(zip(measures, each_alone(outcomes), strict=True)):
        known = [value for value in values if math.isfinite(value)]
        found.append(
            SystemScore(
                name,
                of_set[0].name,
                measure.name,
                measure.value,
                measure.interval,
                tuple(value if math.isfinite(value) else None for value in values),
                statistics.stdev(known) if len(known) > 1 else None,
                coverage,
                is_first=not place,
            )
        )
    return found
