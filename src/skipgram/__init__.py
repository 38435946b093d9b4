"""Skip-gram word vectors: text goes in; vectors, judged and pictured, come out.

To read the code in order: equations, settings, corpus, training, vectors, runs,
views, pipeline, evaluation, figures, cli; untrusted, telling, system and kernels
when one of them calls. Each package says in which order its modules read. A module imports
only from its own package and from the floors below it (CONTRIBUTING.md).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from skipgram._version import __version__ as __version__

if TYPE_CHECKING:
    from skipgram import cs224n, equations  # noqa: F401  (found by __getattr__)
    from skipgram.corpus.cooccurrence.counts import Cooccurrence
    from skipgram.corpus.demo import demo_corpus
    from skipgram.corpus.encoded import EncodedCorpus
    from skipgram.corpus.sources.texts import Texts
    from skipgram.corpus.vocabulary.vocabulary import Vocabulary
    from skipgram.errors import (
        CorpusError,
        FormatError,
        InterruptedRunError,
        MissingExtraError,
        OutputExistsError,
        SettingsError,
        SkipgramError,
        UnknownWordError,
    )
    from skipgram.evaluation.report import Report, evaluate
    from skipgram.figures.plots import word_map
    from skipgram.pipeline.counting import cooccurrence
    from skipgram.pipeline.encoding import count_words, encode
    from skipgram.pipeline.training import train
    from skipgram.settings.whole import Settings
    from skipgram.vectors.alignment import Alignment, align
    from skipgram.vectors.changes import Change
    from skipgram.vectors.formats.reading import load
    from skipgram.vectors.neighbors import Neighbor, Neighbors
    from skipgram.vectors.word_vectors import WordVectors

__all__ = [
    "Alignment",
    "Change",
    "Cooccurrence",
    "CorpusError",
    "EncodedCorpus",
    "FormatError",
    "InterruptedRunError",
    "MissingExtraError",
    "Neighbor",
    "Neighbors",
    "OutputExistsError",
    "Report",
    "Settings",
    "SettingsError",
    "SkipgramError",
    "Texts",
    "UnknownWordError",
    "Vocabulary",
    "WordVectors",
    "align",
    "cooccurrence",
    "count_words",
    "demo_corpus",
    "encode",
    "evaluate",
    "load",
    "train",
    "word_map",
]

# Each name is imported where it is first used: a query needs no compiler.
_HOMES = {
    "Alignment": "skipgram.vectors.alignment",
    "Change": "skipgram.vectors.changes",
    "Cooccurrence": "skipgram.corpus.cooccurrence.counts",
    "CorpusError": "skipgram.errors",
    "EncodedCorpus": "skipgram.corpus.encoded",
    "FormatError": "skipgram.errors",
    "InterruptedRunError": "skipgram.errors",
    "MissingExtraError": "skipgram.errors",
    "Neighbor": "skipgram.vectors.neighbors",
    "Neighbors": "skipgram.vectors.neighbors",
    "OutputExistsError": "skipgram.errors",
    "Report": "skipgram.evaluation.report",
    "Settings": "skipgram.settings.whole",
    "SettingsError": "skipgram.errors",
    "SkipgramError": "skipgram.errors",
    "Texts": "skipgram.corpus.sources.texts",
    "UnknownWordError": "skipgram.errors",
    "Vocabulary": "skipgram.corpus.vocabulary.vocabulary",
    "WordVectors": "skipgram.vectors.word_vectors",
    "align": "skipgram.vectors.alignment",
    "cooccurrence": "skipgram.pipeline.counting",
    "count_words": "skipgram.pipeline.encoding",
    "demo_corpus": "skipgram.corpus.demo",
    "encode": "skipgram.pipeline.encoding",
    "evaluate": "skipgram.evaluation.report",
    "load": "skipgram.vectors.formats.reading",
    "train": "skipgram.pipeline.training",
    "word_map": "skipgram.figures.plots",
}


_SUBMODULES = ("cs224n", "equations")


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"skipgram.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_SUBMODULES})
