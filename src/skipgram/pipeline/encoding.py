"""Text into an encoded corpus, or into its words and their counts."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.encoding import count_sources
from skipgram.corpus.inputs import encoded_already, local_paths
from skipgram.corpus.preparing import Observer, prepare
from skipgram.corpus.sources.finding import sources_of
from skipgram.corpus.vocabulary import file as vocabulary_file
from skipgram.corpus.vocabulary.pruning import PruningRules
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError
from skipgram.settings import Settings, SettingValues
from skipgram.settings.resolving import TextTokenizer, resolve_values
from skipgram.system.machine import usable_threads
from skipgram.system.paths import PathLike, require_apart, result_path
from skipgram.views.watched import watched


def encode(
    corpus: Any,
    output: PathLike | None = None,
    *,
    overwrite: bool = False,
    progress: bool | None = None,
    observe: Observer = lambda event: None,
    **settings: Unpack[SettingValues],
) -> EncodedCorpus:
    """Turn text into numbers once, to train on as often as one likes.

    Parameters
    ----------
    corpus
        What `train` takes, but an encoded corpus.
    output
        A folder to keep it in; `train` takes that. Without it the corpus is
        gone with the process, and lies in memory or, if it is large, in files
        without a name.
    overwrite
        Whether `output` may replace an encoded corpus.
    progress
        As for `train`.
    observe
        Called with every `ReadingProgress`, then with the `CorpusSummary`.
    settings
        Those of the text, of the vocabulary, and threads: tokenizer="words",
        phrases=1, min_count=5, max_vocabulary=100_000, ...

    Raises
    ------
    SkipgramError
        Of the kind that names the cause; nothing is left half-written.

    """
    chosen, own = resolve_values(settings, usable_threads())
    if encoded_already(corpus) is not None:
        raise CorpusError("the corpus is encoded already; train on it, or encode its text again")
    sources = sources_of(corpus, column=chosen.text.column)
    place = None if output is None else result_path(output)
    if place is not None:
        require_apart([place], local_paths(sources))
    with watched(progress, observe) as report:
        return prepare(sources, chosen, own, folder=place, overwrite=overwrite, observe=report)


def count_words(
    corpus: Any,
    *,
    progress: bool | None = None,
    observe: Observer = lambda event: None,
    **settings: Unpack[SettingValues],
) -> Vocabulary:
    """The words of a corpus and how often each is seen: all of them, unless settings say otherwise.

    Parameters
    ----------
    corpus
        What `train` takes; also `Vocabulary` and the files of saved ones (not
        as text), whose counts are added. An encoded corpus gives the words that
        it kept.
    progress, observe
        As for `encode`.
    settings
        Those of `encode`, but min_count=1.

    Raises
    ------
    SkipgramError
        Of the kind that names the cause.

    """
    chosen, own = resolve_values({"min_count": 1, **settings}, usable_threads())
    names = list(corpus) if isinstance(corpus, list | tuple) else [corpus]
    saved = [_saved_vocabulary(name) for name in names]
    known = [vocabulary for vocabulary in saved if vocabulary is not None]
    if not known:
        return _counted(corpus, chosen, own, progress, observe)
    texts = [name for name, vocabulary in zip(names, saved, strict=True) if vocabulary is None]
    asked = chosen.vocabulary
    rules = {
        name: getattr(asked, name)
        for name in ("min_count", "max_vocabulary", "keep_words", "drop_words")
    }
    PruningRules(**rules)  # refuses rules that contradict each other, before anything is read
    if texts:  # the rules are for the sums
        everything = replace(asked, min_count=1, max_vocabulary=0, drop_words=())
        asked_for_sums = replace(chosen, vocabulary=everything)
        known.append(_counted(texts, asked_for_sums, own, progress, observe))
    return Vocabulary.merge(known).pruned(**rules)


def _counted(
    corpus: Any,
    settings: Settings,
    tokenizer: TextTokenizer | None,
    progress: bool | None,
    observe: Observer,
) -> Vocabulary:
    sources = sources_of(corpus, column=settings.text.column)
    with watched(progress, observe) as report:
        vocabulary, summary = count_sources(
            sources,
            settings.text,
            settings.vocabulary,
            tokenizer=tokenizer,
            threads=settings.run.threads,
            observe=report,
        )
        report(summary)
    return vocabulary


def _saved_vocabulary(corpus: Any) -> Vocabulary | None:
    """The vocabulary of what is counted already, or None."""
    if isinstance(corpus, Vocabulary):
        return corpus
    if isinstance(corpus, list | tuple):  # of tokens, which may be called as a folder is
        return None
    if (found := encoded_already(corpus)) is not None:
        return found.vocabulary
    if isinstance(corpus, str | Path) and vocabulary_file.is_vocabulary(Path(corpus)):
        return Vocabulary.load(corpus)
    return None
