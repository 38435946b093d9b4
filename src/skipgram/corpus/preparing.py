"""From any kind of corpus to an encoded one: the first half of a run."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from skipgram.corpus import encoded
from skipgram.corpus.encoded import FORMAT_VERSION, EncodedCorpus, is_encoded
from skipgram.corpus.encoding.encoding import encode_sources
from skipgram.corpus.encoding.extending import extended, marked
from skipgram.corpus.encoding.reading import ReadElsewhere
from skipgram.corpus.phrases import file as phrases_file
from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.sources.finding import Source, Sources
from skipgram.corpus.summary import CacheUsed, CorpusSummary, ReadingProgress
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError
from skipgram.settings import OWN, Settings, TextSettings, VocabularySettings
from skipgram.settings.resolving import TextTokenizer
from skipgram.system.files import whole_folder
from skipgram.system.paths import PathLike

Observed = ReadingProgress | CorpusSummary | CacheUsed
"""The events of preparing a corpus."""
Observer = Callable[[Observed], None]

_PHRASES_ARE_KEPT = 1
"""Makes corpora of earlier versions, which did not keep their phrases, be encoded again."""


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
    read_elsewhere: ReadElsewhere | None = None,
    observe: Observer = lambda event: None,
) -> EncodedCorpus:
    """Encode sources, in a folder if one is given.

    With `cache` the folder's corpus is taken if it is that of these sources and
    settings, and replaced if it is not.

    With `extends` the result is over that vocabulary: see `extended`. The
    folder holds what was encoded before, so it serves with `adds_words` and
    without.

    With `read_elsewhere` other machines read the sources; the result is the same.
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
        read_elsewhere=read_elsewhere,
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
