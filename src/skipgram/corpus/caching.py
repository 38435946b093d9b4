"""An encoded corpus kept beside the vectors, and taken again only while it fits."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from skipgram.corpus.encoded import FORMAT_VERSION, EncodedCorpus, is_encoded
from skipgram.corpus.sources.finding import Source
from skipgram.errors import FormatError
from skipgram.settings import TextSettings, VocabularySettings

SUFFIX = ".corpus"


def cache_place(output: Path) -> Path:
    """The folder of the encoded corpus that belongs to a folder of vectors."""
    return output.with_name(output.name + SUFFIX)


def fingerprint(
    sources: Sequence[Source], text: TextSettings, vocabulary: VocabularySettings
) -> str:
    """SHA-256 of all that decides what the ids will be, or empty where that cannot be known.

    Of a file these are its path, its size and its time of modification, not
    its content: to read it all is what a cache is to save. Standard input,
    texts in memory and tokenizers of one's own have none.
    """
    parts = [source.fingerprint for source in sources]
    if None in parts or text.tokenizer == "own":
        return ""
    told = json.dumps([FORMAT_VERSION, parts, asdict(text), asdict(vocabulary)])
    return hashlib.sha256(told.encode()).hexdigest()


def cached(folder: Path, wanted: str) -> EncodedCorpus | None:
    """The corpus of a folder if it is whole and has this fingerprint."""
    if not wanted or not is_encoded(folder):
        return None
    try:
        corpus = EncodedCorpus.load(folder)
    except FormatError:
        return None
    return corpus if corpus.fingerprint == wanted else None
