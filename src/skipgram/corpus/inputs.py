"""What was given as a corpus: encoded already or not, and which files of this machine it is of."""

import os
from pathlib import Path
from typing import Any

from skipgram.corpus.encoded import EncodedCorpus, is_encoded
from skipgram.corpus.sources.finding import Sources, sources_of
from skipgram.corpus.sources.local import LocalFile, StandardInput
from skipgram.errors import CorpusError


def encoded_already(corpus: Any) -> EncodedCorpus | None:
    """The corpus if it is encoded, or is the folder of one."""
    if isinstance(corpus, EncodedCorpus):
        return corpus
    if isinstance(corpus, list | tuple):
        if len(corpus) == 1 and not isinstance(corpus[0], list | tuple):
            return encoded_already(corpus[0])
        for item in corpus:
            if isinstance(item, EncodedCorpus) or (
                isinstance(item, str | Path) and is_encoded(item)
            ):
                raise CorpusError(
                    f"{item if isinstance(item, str | Path) else 'an encoded corpus'} is encoded "
                    "already, with its own vocabulary, and cannot be mixed with others; encode "
                    "their texts together"
                )
    if isinstance(corpus, str | Path) and is_encoded(corpus):
        return EncodedCorpus.load(corpus)
    return None


def sources_to_read(corpus: Any, encoded: EncodedCorpus | None, column: str) -> Sources:
    """Where the text of a corpus stands; nowhere if it is encoded already."""
    return sources_of(corpus, column=column) if encoded is None else Sources((), hidden_files=0)


def input_paths(corpus: Any, sources: Sources) -> list[Path]:
    """The files and folders of this machine that a corpus is read from, text or encoded."""
    return local_paths(sources) if sources.items else named_paths(corpus)


def local_paths(sources: Sources) -> list[Path]:
    """The files on this machine, and folders read as a whole, which no result may replace."""
    files = [source for source in sources.items if isinstance(source, LocalFile)]
    folders = dict.fromkeys(file.folder for file in files if file.folder is not None)
    piped = [source.path for source in sources.items if isinstance(source, StandardInput)]
    return [file.path for file in files if not file.is_pipe] + piped + list(folders)


def named_paths(corpus: Any) -> list[Path]:
    """The same of a corpus that is given by names, encoded or counted already perhaps."""
    items = corpus if isinstance(corpus, list | tuple) else [corpus]
    names = [name for name in items if isinstance(name, str | os.PathLike)]
    here = [name for name in names if "://" not in os.fspath(name)]
    return local_paths(sources_of(here)) if here else []
