"""Text into an encoded corpus, or into its words and their counts."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.encoding import Counted, count_sources
from skipgram.corpus.inputs import encoded_already, local_paths
from skipgram.corpus.phrases.given import (
    GivenPhrases,
    as_phraser,
    require_phrases_fit,
    with_phrases_of,
)
from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.preparing import Observer, prepare
from skipgram.corpus.sources.finding import sources_of
from skipgram.corpus.vocabulary import file as vocabulary_file
from skipgram.corpus.vocabulary.pruning import PruningRules
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, SettingsError
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
    phraser: GivenPhrases | None = None,
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
    phraser
        Phrases to join instead of finding some: a `Phraser`, or vectors or an
        encoded corpus that have one, or their folder.
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
    known = None if phraser is None else as_phraser(phraser)
    chosen, own = resolve_values(with_phrases_of(known, settings), usable_threads())
    require_phrases_fit(known, chosen)
    if encoded_already(corpus) is not None:
        raise CorpusError("the corpus is encoded already; train on it, or encode its text again")
    sources = sources_of(corpus, column=chosen.text.column)
    place = None if output is None else result_path(output)
    if place is not None:
        require_apart([place], local_paths(sources))
    with watched(progress, observe) as report:
        return prepare(
            sources, chosen, own, folder=place, overwrite=overwrite, phraser=known, observe=report
        )


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
        return _counted(corpus, chosen, own, progress, observe).vocabulary
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
        known.append(_counted(texts, asked_for_sums, own, progress, observe).vocabulary)
    return Vocabulary.merge(known).pruned(**rules)


def find_phrases(
    corpus: Any,
    *,
    progress: bool | None = None,
    observe: Observer = lambda event: None,
    **settings: Unpack[SettingValues],
) -> Phraser:
    """The phrases of a corpus with counts and scores, to list them or to join them elsewhere.

    Parameters
    ----------
    corpus
        What `train` takes; an encoded corpus gives the phrases that it has.
    progress, observe
        As for `encode`.
    settings
        Those of the text, and threads: phrases=1 (passes), phrase_score="count"
        (or "npmi"), phrase_threshold, phrase_min_count=5, tokenizer, ...

    Raises
    ------
    SettingsError
        If phrases is 0, or the corpus was encoded without phrases.
    SkipgramError
        Of the kind that names the cause.

    """
    chosen, own = resolve_values({"min_count": 1, "phrases": 1, **settings}, usable_threads())
    if not chosen.text.phrases:
        raise SettingsError("phrases (--phrases) is 0, so none would be found: give 1 or more")
    if (encoded := encoded_already(corpus)) is not None:
        return as_phraser(encoded)
    found = _counted(corpus, chosen, own, progress, observe).phraser
    assert found is not None  # a pass that finds nothing has an empty one
    return found


def _counted(
    corpus: Any,
    settings: Settings,
    tokenizer: TextTokenizer | None,
    progress: bool | None,
    observe: Observer,
) -> Counted:
    sources = sources_of(corpus, column=settings.text.column)
    with watched(progress, observe) as report:
        counted = count_sources(
            sources,
            settings.text,
            settings.vocabulary,
            tokenizer=tokenizer,
            threads=settings.run.threads,
            observe=report,
        )
        report(counted.summary)
    return counted


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
