"""From any kind of corpus to an encoded one: the first half of a run."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Unpack

from skipgram.corpus import encoded
from skipgram.corpus.encoded import FORMAT_VERSION, EncodedCorpus, is_encoded
from skipgram.corpus.encoding.encoding import Counted, count_sources, encode_sources
from skipgram.corpus.encoding.extending import extended, marked
from skipgram.corpus.inputs import encoded_already, local_paths
from skipgram.corpus.phrases import file as phrases_file
from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.sources.finding import Source, Sources, sources_of
from skipgram.corpus.summary import CacheUsed, CorpusSummary, ReadingProgress
from skipgram.corpus.vocabulary import file as vocabulary_file
from skipgram.corpus.vocabulary.pruning import PruningRules
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, FormatError, SettingsError
from skipgram.settings import OWN, Settings, SettingValues, TextSettings, VocabularySettings
from skipgram.settings.resolving import TextTokenizer, resolve_values
from skipgram.system.files import whole_folder
from skipgram.system.machine import usable_threads
from skipgram.system.paths import PathLike, require_apart, result_path

Observed = ReadingProgress | CorpusSummary | CacheUsed
"""The events of preparing a corpus."""
Observer = Callable[[Observed], None]

_PHRASES_ARE_KEPT = 1
"""Makes corpora of earlier versions, which did not keep their phrases, be encoded again."""


def encode(
    corpus: Any,
    output: PathLike | None = None,
    *,
    overwrite: bool = False,
    phraser: "Phraser | HasPhraser | PathLike | None" = None,
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
    known = None if phraser is None else phrases_file.as_phraser(phraser)
    chosen, own = resolve_values(with_phrases_of(known, settings), usable_threads())
    require_phrases_fit(known, chosen)
    if encoded_already(corpus) is not None:
        raise CorpusError("the corpus is encoded already; train on it, or encode its text again")
    sources = sources_of(corpus, column=chosen.text.column)
    place = None if output is None else result_path(output)
    if place is not None:
        require_apart([place], local_paths(sources))
    return prepare(
        sources, chosen, own, folder=place, overwrite=overwrite, phraser=known, observe=observe
    )


class HasPhraser(Protocol):
    """Vectors, or an encoded corpus."""

    @property
    def phraser(self) -> Phraser | None: ...


def with_phrases_of(phraser: Phraser | None, asked: SettingValues) -> SettingValues:
    """The given settings, with as many passes over the text as made these phrases."""
    if phraser is None:
        return asked
    for name in ("phrases", "phrase_score", "phrase_threshold", "phrase_min_count"):
        if name in asked:
            raise SettingsError(
                f"{name} (--{name.replace('_', '-')}) says how phrases are found, and those of "
                "the phraser (--phraser) are known: omit one of the two"
            )
    return {**asked, "phrases": len(phraser.passes)}


def require_phrases_fit(phraser: Phraser | None, settings: Settings) -> None:
    """Refuse phrases of a text that was split in another way."""
    own = settings.text.tokenizer
    if phraser is not None and phraser.tokenizer != own:
        raise SettingsError(
            f"the phraser (--phraser) has phrases of a text that was split by the tokenizer "
            f"{phraser.tokenizer!r}, and this one is split by {own!r}: choose the same tokenizer "
            "(--tokenizer)"
        )


def count_words(
    corpus: Any,
    *,
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
    observe
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
        return _counted(corpus, chosen, own, observe).vocabulary
    texts = [name for name, vocabulary in zip(names, saved, strict=True) if vocabulary is None]
    asked = chosen.vocabulary
    rules = {
        name: getattr(asked, name)
        for name in ("min_count", "max_vocabulary", "keep_words", "drop_words")
    }
    PruningRules(**rules)  # refuses rules that contradict each other, before anything is read
    if texts:  # the rules are for the sums
        everything = replace(asked, min_count=1, max_vocabulary=0, drop_words=())
        counted = _counted(texts, replace(chosen, vocabulary=everything), own, observe)
        known.append(counted.vocabulary)
    return Vocabulary.merge(known).pruned(**rules)


def find_phrases(
    corpus: Any,
    *,
    observe: Observer = lambda event: None,
    **settings: Unpack[SettingValues],
) -> Phraser:
    """The phrases of a corpus with counts and scores, to list them or to join them elsewhere.

    Parameters
    ----------
    corpus
        What `train` takes; an encoded corpus gives the phrases that it has.
    observe
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
        return phrases_file.as_phraser(encoded)
    found = _counted(corpus, chosen, own, observe).phraser
    assert found is not None  # a pass that finds nothing has an empty one
    return found


def _counted(
    corpus: Any, settings: Settings, tokenizer: TextTokenizer | None, observe: Observer
) -> Counted:
    counted = count_sources(
        sources_of(corpus, column=settings.text.column),
        settings.text,
        settings.vocabulary,
        tokenizer=tokenizer,
        threads=settings.run.threads,
        observe=observe,
    )
    observe(counted.summary)
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


def prepare(
    sources: Sources,
    settings: Settings,
    tokenizer: TextTokenizer | None,
    *,
    folder: PathLike | None = None,
    overwrite: bool = False,
    cache: bool = False,
    scratch: Path | None = None,
    extends: Vocabulary | None = None,
    adds_words: bool = False,
    phraser: Phraser | None = None,
    observe: Observer = lambda event: None,
) -> EncodedCorpus:
    """Encode sources, in a folder if one is given.

    With `cache` the folder's corpus is taken if it is that of these sources and
    settings, and replaced if it is not.

    With `extends` the result is over that vocabulary: see `extended`. The
    folder holds what was encoded before, so it serves with `adds_words` and
    without.
    """
    mark = fingerprint(sources.items, settings.text, settings.vocabulary, phraser)
    if extends is not None:
        mark = marked(mark, extends.words)
    encode_to = partial(
        encode_sources,
        sources,
        settings.text,
        settings.vocabulary,
        tokenizer=tokenizer,
        threads=settings.run.threads,
        fingerprint=mark,
        known=() if extends is None else extends,
        phraser=phraser,
        observe=observe,
    )
    if folder is None:
        corpus = encode_to(scratch=scratch)
    else:
        corpus = _in_folder(
            Path(folder), mark, encode_to, overwrite=overwrite, cache=cache, observe=observe
        )
    if extends is not None:
        corpus = extended(extends, corpus, adds_words=adds_words, scratch=scratch)
    observe(corpus.summary)
    return corpus


def _in_folder(
    place: Path,
    mark: str,
    encode_to: Callable[..., EncodedCorpus],
    *,
    overwrite: bool,
    cache: bool,
    observe: Observer,
) -> EncodedCorpus:
    """What a folder holds from before, if it may be taken, or what is encoded to it now."""
    if cache and not mark:
        raise SettingsError(
            "standard input, a pipe, texts in memory and a custom tokenizer cannot be "
            "fingerprinted, so they cannot be cached (--cache); encode the corpus to a folder "
            "(skipgram encode), and train on that"
        )
    if cache and (found := cached(place, mark)) is not None:
        observe(CacheUsed(str(place)))
        return found
    overwrite = overwrite or cache
    require_place = partial(encoded.require_place, place, overwrite=overwrite)
    require_place()
    with whole_folder(place, overwrite=overwrite, keeps=True, require_place=require_place) as new:
        return encode_to(folder=new, scratch=new)


def cache_place(output: Path) -> Path:
    """The folder of the encoded corpus that belongs to a folder of vectors."""
    return output.with_name(output.name + ".corpus")


def fingerprint(
    sources: Sequence[Source],
    text: TextSettings,
    vocabulary: VocabularySettings,
    phraser: Phraser | None = None,
) -> str:
    """SHA-256 of everything that decides the ids, or empty where that cannot be known.

    Of a file these are its path, its size and its time of modification, not
    its content, since a cache should save reading it. Standard input,
    texts in memory and custom tokenizers have none.
    """
    parts = [source.fingerprint for source in sources]
    if None in parts or text.tokenizer == OWN:
        return ""
    of_phrases = [_PHRASES_ARE_KEPT, phraser and phrases_file.checksum(phraser)]
    deciding = json.dumps(
        [
            *(FORMAT_VERSION, parts, asdict(text), asdict(vocabulary)),
            *(of_phrases if text.phrases else ()),
        ]
    )
    return hashlib.sha256(deciding.encode()).hexdigest()


def cached(folder: Path, wanted: str) -> EncodedCorpus | None:
    """The corpus of a folder if it is whole and has this fingerprint."""
    if not wanted or not is_encoded(folder):
        return None
    try:
        corpus = EncodedCorpus.load(folder)
    except FormatError:
        return None
    return corpus if corpus.fingerprint == wanted else None
