"""One text for all systems: the words that are kept, in lines that each of them reads whole."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.preparing import prepare
from skipgram.corpus.sources.finding import sources_of
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError
from skipgram.settings import Settings
from skipgram.system.paths import explained_write
from skipgram.system.temporary import remove_leftovers, temporary

LINE_WORDS = 1_000
"""gensim cuts a line at 10,000 words and trains on nothing more, fastText parts it at 1,024."""
_SCRATCH = "skipgram-compare"
_NO_BLANK = "▁"
"""Stands for what only some systems take for a blank: ours parts words at the six of ASCII."""
_LINE_END = "</s>"
"""fastText's own word, for the end of a line."""


@dataclass(frozen=True)
class OneText:
    """A file that all systems read, and what they must find in it."""

    folder: Path
    """for what the systems write; it goes when the comparison is over"""
    file: Path
    written: Vocabulary
    """the words as they stand in the file"""
    vocabulary: Vocabulary
    """the same, by the same ids, as they stand in the user's text"""
    corpus: EncodedCorpus
    """of the file"""
    given: EncodedCorpus
    """the user's, from which the file was written"""

    @property
    def tokens(self) -> int:
        """Of the words that are kept: rare ones are not in the file."""
        return len(self.corpus)

    @property
    def about(self) -> dict[str, Any]:
        """Where the words of vectors come from: the user's text, and not the file."""
        return {
            "corpus": asdict(self.given.summary),
            "settings": {
                part: self.given.settings[part]
                for part in ("text", "vocabulary")
                if part in self.given.settings
            },
        }

    @cached_property
    def saved_vocabulary(self) -> Path:
        """Where other processes find the words as they are written, by id."""
        place = self.folder / "vocabulary"
        self.written.save(place)
        return place


@contextmanager
def one_text(encoded: EncodedCorpus, threads: int) -> Iterator[OneText]:
    """The text of an encoded corpus in a file, whose words and counts are checked."""
    place = Path(tempfile.gettempdir()) / _SCRATCH
    remove_leftovers(place)
    with temporary(place, folder=True) as folder:
        folder.chmod(0o700)  # the text may be private, and others look into that folder as well
        file = folder / "text.txt"
        spellings = _as_written(encoded.vocabulary.words)
        with explained_write(file):
            _write(encoded, spellings, file)
        corpus = read(file, threads)
        ids = encoded.vocabulary.ids_of
        own = dict(zip(spellings, encoded.vocabulary.words, strict=True))
        words = [own[word] for word in corpus.vocabulary.words]
        seen = np.bincount(encoded.ids, minlength=len(encoded.vocabulary))
        if len(corpus) != len(encoded) or (seen[ids(words)] != corpus.vocabulary.counts).any():
            raise CorpusError(
                f"the text cannot be compared: its {len(encoded):,} words became {len(corpus):,} "
                "in a file of lines"
            )
        vocabulary = Vocabulary(words, corpus.vocabulary.counts)
        yield OneText(folder, file, corpus.vocabulary, vocabulary, corpus, encoded)


def read(
    file: Path, threads: int, observe: Callable[[Any], None] = lambda event: None
) -> EncodedCorpus:
    """The file as our training reads it: rare words are gone from it, and no other may go."""
    settings = Settings.of(tokenizer="whitespace", min_count=1, threads=threads)
    return prepare(sources_of(str(file)), settings, None, observe=observe)


def _as_written(words: Sequence[str]) -> list[str]:
    """Each word in a form that no system parts, no two of them alike."""
    known, written = set(words), []
    for word in words:
        form = word
        if word == _LINE_END or any(_may_part(char) for char in word):
            form = "".join(_NO_BLANK if _may_part(char) else char for char in word)
            while form == _LINE_END or form in known:
                form += _NO_BLANK
            known.add(form)
        written.append(form)
    return written


def _may_part(char: str) -> bool:
    return char.isspace() or char == "\0"


def _write(encoded: EncodedCorpus, spellings: list[str], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for number in range(encoded.lines):
            ids = encoded.line(number).tolist()
            for start in range(0, len(ids), LINE_WORDS):
                line = [spellings[word] for word in ids[start : start + LINE_WORDS]]
                out.write(" ".join(line) + "\n")
