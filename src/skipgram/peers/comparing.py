"""Other packages and ours on the user's own text: speed and quality, side by side."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Unpack, cast

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.inputs import encoded_already
from skipgram.corpus.preparing import Observed, prepare
from skipgram.corpus.sources.finding import sources_of
from skipgram.corpus.summary import CorpusSummary
from skipgram.errors import SettingsError, SkipgramError, did_you_mean
from skipgram.evaluation.analogies import FIRST_WORDS, GOOGLE_ANALOGIES
from skipgram.evaluation.battery import RATED, Battery, Paths
from skipgram.evaluation.comparing import compare_vectors
from skipgram.evaluation.comparison import Comparison
from skipgram.evaluation.report import Report, evaluate
from skipgram.evaluation.resampling import RESAMPLES
from skipgram.peers.events import SystemEvent
from skipgram.peers.keeping import Keeping
from skipgram.peers.others import FastText, Gensim, Peer
from skipgram.peers.ours import LikeSettings, OwnDefaults
from skipgram.peers.running import SystemRuns, train_all
from skipgram.peers.systems import System
from skipgram.peers.table import notes_on, table_of
from skipgram.peers.text import OneText, one_text
from skipgram.peers.view import ComparisonView
from skipgram.settings import NEGATIVE_SAMPLING, Settings, SettingValues
from skipgram.settings.resolving import resolve
from skipgram.system.machine import usable_threads
from skipgram.system.paths import PathLike, as_path, as_paths
from skipgram.telling.markup import paragraphs
from skipgram.vectors.given import whole_number
from skipgram.vectors.word_vectors import WordVectors
from skipgram.views.watched import display_for

_PEERS: dict[str, type[Peer]] = {peer.name.lower(): peer for peer in (Gensim, FastText)}
PEERS = tuple(_PEERS)
"""The packages that can be compared with."""
LIKE = ("embedding_dim", "window", "negatives", "subsample", "epochs", "learning_rate")
"""Settings of a training that all systems have."""
_FOR_ALL = ("seed", "threads")


@dataclass(frozen=True, repr=False)
class SystemComparison:
    """What each system took, and how good its vectors are."""

    systems: tuple[SystemRuns, ...]
    """the first is the one that the others are compared with"""
    scores: Comparison | Report
    """a report where only one system could be trained"""
    text: CorpusSummary
    """what was read, and what of it was kept for all systems"""
    threads: int
    """that each system had"""
    notes: tuple[str, ...]
    """what a reader must know of the speeds"""

    @property
    def vectors(self) -> dict[str, list[WordVectors]]:
        """Of each system that was trained, seed by seed: over the same words by the same ids."""
        return {
            of.name: [one.vectors for one in of.trainings] for of in self.systems if of.trainings
        }

    def __str__(self) -> str:
        return "\n".join([str(table_of(self.systems)), *self.notes, "", str(self.scores)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        speeds = table_of(self.systems).html() + paragraphs(self.notes)
        return speeds + self.scores._repr_html_()


def compare_systems(
    corpus: Any,
    *,
    peers: Iterable[str] = PEERS,
    seeds: int = 1,
    rates: Mapping[str, float] | None = None,
    first_words: int = FIRST_WORDS,
    similarity: Paths = RATED,
    analogies: Paths = (GOOGLE_ANALOGIES,),
    categories: Paths = (),
    outliers: Paths = (),
    method: str = "3CosAdd",
    resamples: int = RESAMPLES,
    output: PathLike | None = None,
    overwrite: bool = False,
    progress: bool | None = None,
    observe: Callable[[Observed | SystemEvent], None] = lambda event: None,
    **settings: Unpack[SettingValues],
) -> SystemComparison:
    """Train gensim, fastText and this package on one text, and compare speed and quality.

    All of them read the same file with the same tokens and so the same
    vocabulary. This package trains twice: by negative sampling with the
    settings of the others, and with its own defaults for the text where these
    are another objective. The others train in processes of their own. A package
    that is not installed, or whose training fails, is left out, with the
    reason.

    Parameters
    ----------
    corpus
        What `train` takes.
    peers
        Which others: "gensim", "fasttext", or none.
    seeds
        How many trainings of each system, with as many seeds, one system after
        another in turn: with 2 or more, scores say how much of a difference is
        the seed's.
    rates
        Learning rates of the others, instead of their own defaults: .025 for gensim and .05 for
        fastText. Ours is the setting learning_rate.
    first_words, similarity, analogies, categories, outliers, method, resamples
        How vectors are judged, as for `evaluate`.
    output
        A folder to keep the vectors in, a folder for each training: for `evaluate`, and for all
        else that vectors can be asked.
    overwrite
        Whether vectors in that folder may be replaced.
    progress
        As for `train`.
    observe
        Called with the events of reading, and of systems that begin, advance and end.
    **settings
        Those of the text and of the vocabulary, as for `encode`; and of a training
        embedding_dim, window, negatives, subsample, epochs, learning_rate, seed
        (the first one) and threads.

    Raises
    ------
    SettingsError
        If a setting is not one that all systems have, or is out of range.
    OutputExistsError
        If vectors to be kept would replace something.
    SkipgramError
        Of the kind that names the cause, if no system could be trained, or the text leaves nothing
        to train on. Nothing is left on the disk.

    """
    _require_like(settings)
    asked: dict[str, Any] = {
        "first_words": first_words,
        "similarity": as_paths(similarity),
        "analogies": as_paths(analogies),
        "categories": as_paths(categories),
        "outliers": as_paths(outliers),
        "method": method,
        "resamples": resamples,
    }
    chosen_peers = _peers(peers, rates or {})
    count = whole_number("seeds", seeds, 1)
    encoded = encoded_already(corpus)
    like, tokenizer = resolve(
        cast(SettingValues, {**settings, "objective": NEGATIVE_SAMPLING}),
        usable_threads(),
        encoded_by=None if encoded is None else encoded.settings,
    )
    first = like.training.seed
    all_seeds = range(first, first + count)
    keeping = None if output is None else Keeping(as_path(output), overwrite)
    if keeping is not None:
        names = (LikeSettings.name, OwnDefaults.name, *(peer.name for peer in chosen_peers))
        keeping.require_places(names, all_seeds)
    Battery.read(**asked)  # a file that cannot be read is told before hours of training
    with ComparisonView(display_for(progress)) as view:

        def report(event: Any) -> None:
            view.observe(event)
            observe(event)

        if encoded is None:
            sources = sources_of(corpus, column=like.text.column)
            encoded = prepare(sources, like, tokenizer, observe=report)
        else:
            report(encoded.summary)
        with one_text(encoded, like.run.threads) as text:
            ours, notes = _ours(text, like)
            runs = train_all(
                [*ours, *chosen_peers],
                text,
                like,
                all_seeds,
                report,
                keeping,
            )
    return SystemComparison(
        runs,
        _scores(runs, asked),
        encoded.summary,
        like.run.threads,
        (*notes_on(runs, like, _kept(encoded)), *notes),
    )


def _kept(encoded: EncodedCorpus) -> tuple[int, int]:
    return len(encoded), len(encoded.vocabulary)


def _require_like(settings: SettingValues) -> None:
    """Refuse settings of a training that only ours has."""
    defaults = Settings().to_dict()
    known = (*defaults["text"], *defaults["vocabulary"], *LIKE, *_FOR_ALL)
    every = {name for section in defaults.values() for name in section}
    for name in settings:
        if name in every and name not in known:
            raise SettingsError(
                f"{name} is not a setting that all systems have, and so none of a comparison: "
                f"omit it; of a training there are {', '.join((*LIKE, *_FOR_ALL))}"
            )


def _peers(names: Iterable[str], rates: Mapping[str, float]) -> list[Peer]:
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name not in PEERS:
            raise SettingsError(
                f"peers (--peer) may be {' and '.join(PEERS)}, not {name!r:.60}"
                f"{did_you_mean(name, PEERS)}"
            )
    for name, rate in rates.items():
        if name not in chosen:
            raise SettingsError(
                f"there is a learning rate for {name!r:.60}, which is not compared with: the "
                f"packages (--peer) are {' and '.join(chosen) or 'none'}"
            )
        try:
            Settings.of(learning_rate=rate)
        except SettingsError as error:
            raise SettingsError(f"{name}'s {error}") from None
    return [_PEERS[name](rates.get(name)) for name in dict.fromkeys(chosen)]


def _ours(text: OneText, like: Settings) -> tuple[list[System], list[str]]:
    """Our trainings, and why there is only one of them."""
    own = OwnDefaults.for_text(text, like)
    if own.choice.objective != NEGATIVE_SAMPLING:
        return [LikeSettings(), own], []
    return [LikeSettings()], [
        f"{own.name}: negative sampling as well for this text ({own.choice.reason}), "
        "so it is trained once"
    ]


def _scores(runs: tuple[SystemRuns, ...], asked: dict[str, Any]) -> Comparison | Report:
    trained = {of.name: [one.vectors for one in of.trainings] for of in runs if of.trainings}
    if not trained:
        reasons = "; ".join(f"{of.name}: {of.why_not}" for of in runs)
        raise SkipgramError(f"no system could be trained: {reasons}")
    if sum(map(len, trained.values())) > 1:
        return compare_vectors(trained, **asked)
    ((vectors,),) = trained.values()
    return evaluate(vectors, **asked)
