"""Skip-gram word vectors: text goes in; vectors, judged and pictured, come out.

To read the code in order: equations, settings, corpus, training, vectors, runs,
views, pipeline, evaluation, peers, figures, explorer, cli; untrusted, telling, system and kernels
when one of them calls. Each package says in which order its modules read. A module imports
only from its own package and from the floors below it (CONTRIBUTING.md).
"""

import sys
from importlib import import_module
from opcode import opmap
from types import FrameType
from typing import TYPE_CHECKING, Any

from skipgram._version import __version__ as __version__

if TYPE_CHECKING:
    from skipgram import cs224n, equations  # noqa: F401  (found by __getattr__)
    from skipgram.corpus.cooccurrence.counts import Cooccurrence
    from skipgram.corpus.demo import demo_corpus
    from skipgram.corpus.encoded import EncodedCorpus
    from skipgram.corpus.phrases.phraser import Phrase, Phraser
    from skipgram.corpus.sources.texts import Texts
    from skipgram.corpus.vocabulary.vocabulary import Vocabulary
    from skipgram.errors import (
        ClusterError,
        CorpusError,
        FormatError,
        InterruptedRunError,
        MissingExtraError,
        OutputExistsError,
        SettingsError,
        SkipgramError,
        UnknownWordError,
    )
    from skipgram.evaluation.association import Association, association
    from skipgram.evaluation.comparing import compare_vectors
    from skipgram.evaluation.comparison import Comparison
    from skipgram.evaluation.hubness import Hubness, hubness
    from skipgram.evaluation.parted import Parts
    from skipgram.evaluation.records import score_plot
    from skipgram.evaluation.relational import RelationalAssociation, relational_association
    from skipgram.evaluation.report import Report, evaluate
    from skipgram.figures.plots import word_map
    from skipgram.peers.comparing import SystemComparison, compare_systems
    from skipgram.pipeline.counting import cooccurrence
    from skipgram.pipeline.encoding import count_words, encode, find_phrases
    from skipgram.pipeline.exploring import ExplorerPage, explore
    from skipgram.pipeline.training import train
    from skipgram.settings.whole import Settings
    from skipgram.vectors.alignment import Alignment, align
    from skipgram.vectors.changes import Change
    from skipgram.vectors.formats.reading import load
    from skipgram.vectors.neighbors import (
        Neighbor,
        NeighborArrays,
        Neighbors,
        Predicted,
        Predictions,
    )
    from skipgram.vectors.word_vectors import WordVectors

__all__ = [
    "Alignment",
    "Association",
    "Change",
    "ClusterError",
    "Comparison",
    "Cooccurrence",
    "CorpusError",
    "EncodedCorpus",
    "ExplorerPage",
    "FormatError",
    "Hubness",
    "InterruptedRunError",
    "MissingExtraError",
    "Neighbor",
    "NeighborArrays",
    "Neighbors",
    "OutputExistsError",
    "Parts",
    "Phrase",
    "Phraser",
    "Predicted",
    "Predictions",
    "RelationalAssociation",
    "Report",
    "Settings",
    "SettingsError",
    "SkipgramError",
    "SystemComparison",
    "Texts",
    "UnknownWordError",
    "Vocabulary",
    "WordVectors",
    "align",
    "association",
    "compare_systems",
    "compare_vectors",
    "cooccurrence",
    "count_words",
    "demo_corpus",
    "encode",
    "evaluate",
    "explore",
    "find_phrases",
    "hubness",
    "load",
    "relational_association",
    "score_plot",
    "train",
    "word_map",
]

# Each name is imported where it is first used: a query needs no compiler.
_HOMES = {
    "Alignment": "skipgram.vectors.alignment",
    "Association": "skipgram.evaluation.association",
    "Change": "skipgram.vectors.changes",
    "ClusterError": "skipgram.errors",
    "Comparison": "skipgram.evaluation.comparison",
    "Cooccurrence": "skipgram.corpus.cooccurrence.counts",
    "CorpusError": "skipgram.errors",
    "EncodedCorpus": "skipgram.corpus.encoded",
    "ExplorerPage": "skipgram.pipeline.exploring",
    "FormatError": "skipgram.errors",
    "Hubness": "skipgram.evaluation.hubness",
    "InterruptedRunError": "skipgram.errors",
    "MissingExtraError": "skipgram.errors",
    "Neighbor": "skipgram.vectors.neighbors",
    "NeighborArrays": "skipgram.vectors.neighbors",
    "Neighbors": "skipgram.vectors.neighbors",
    "OutputExistsError": "skipgram.errors",
    "Parts": "skipgram.evaluation.parted",
    "Phrase": "skipgram.corpus.phrases.phraser",
    "Phraser": "skipgram.corpus.phrases.phraser",
    "Predicted": "skipgram.vectors.neighbors",
    "Predictions": "skipgram.vectors.neighbors",
    "RelationalAssociation": "skipgram.evaluation.relational",
    "Report": "skipgram.evaluation.report",
    "Settings": "skipgram.settings.whole",
    "SettingsError": "skipgram.errors",
    "SkipgramError": "skipgram.errors",
    "SystemComparison": "skipgram.peers.comparing",
    "Texts": "skipgram.corpus.sources.texts",
    "UnknownWordError": "skipgram.errors",
    "Vocabulary": "skipgram.corpus.vocabulary.vocabulary",
    "WordVectors": "skipgram.vectors.word_vectors",
    "align": "skipgram.vectors.alignment",
    "compare_systems": "skipgram.peers.comparing",
    "compare_vectors": "skipgram.evaluation.comparing",
    "association": "skipgram.evaluation.association",
    "cooccurrence": "skipgram.pipeline.counting",
    "count_words": "skipgram.pipeline.encoding",
    "demo_corpus": "skipgram.corpus.demo",
    "encode": "skipgram.pipeline.encoding",
    "evaluate": "skipgram.evaluation.report",
    "explore": "skipgram.pipeline.exploring",
    "find_phrases": "skipgram.pipeline.encoding",
    "hubness": "skipgram.evaluation.hubness",
    "load": "skipgram.vectors.formats.reading",
    "score_plot": "skipgram.evaluation.records",
    "relational_association": "skipgram.evaluation.relational",
    "train": "skipgram.pipeline.training",
    "word_map": "skipgram.figures.plots",
}


_SUBMODULES = ("cs224n", "equations")


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return import_module(f"skipgram.{name}")
    if name not in _HOMES:
        raise _error_of_unknown(name, sys._getframe(1))
    return getattr(import_module(_HOMES[name]), name)


def _error_of_unknown(name: str, asking: FrameType) -> Exception:
    """An AttributeError that says what to use instead of another library's name.

    A line `from skipgram import Word2Vec` would replace it by an ImportError without the answer, so
    there it is an ImportError with it.
    """
    message = f"module {__name__!r} has no attribute {name!r}"
    told = import_module("skipgram.vectors.elsewhere").CLASSES.get(name)
    if told is None:
        return AttributeError(message)
    is_import = asking.f_code.co_code[asking.f_lasti] == opmap["IMPORT_FROM"]
    return (ImportError if is_import else AttributeError)(f"{message}: {told}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_SUBMODULES})
