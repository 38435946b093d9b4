"""A corpus as numbers: the ids of its words in order, and where its lines end.

    ids.int32             the ids, little-endian, end to end
    line_ends.int64       the offset after each line's last token
    vocabulary            words and counts (vocabulary/file.py)
    corpus.json           format, sizes, settings, summary, fingerprint
    phrases.safetensors   if there are any (phrases/file.py)

The two arrays are mapped, not read: a corpus may be larger than memory.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.phrases import file as phrases_file
from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.summary import CorpusSummary
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError
from skipgram.settings import Settings
from skipgram.system.files import recovered, whole_folder
from skipgram.system.paths import PathLike, as_path, require_free_folder
from skipgram.telling.markup import paragraphs
from skipgram.untrusted.mapping import is_mapped
from skipgram.untrusted.opening import is_there, map_numbers, read_json, reason, require_format
from skipgram.untrusted.plain_values import of_plain
from skipgram.untrusted.soundness import require_array, require_ids, require_rising

FORMAT, FORMAT_VERSION = "skipgram corpus", 1
IDS, LINE_ENDS, VOCABULARY, ABOUT = "ids.int32", "line_ends.int64", "vocabulary", "corpus.json"
PHRASES = phrases_file.FILE
_FILES = {IDS, LINE_ENDS, VOCABULARY, ABOUT, PHRASES}
_AGAIN = "encode the corpus again"
_HAS_PHRASES = "has_phrases"
"""Not in corpora of earlier versions, which kept none."""


@dataclass(frozen=True, eq=False)
class EncodedCorpus:
    """Ids and line ends.

    ids: shape (tokens,), int32; line_ends: shape (lines,), int64, rising, the
    offset after each line's last token. Lines without a kept word are left out.
    `len` counts tokens.

    Raises
    ------
    FormatError
        If an id is outside the vocabulary, or line ends do not rise to the last token: the kernels
        do not check them.

    """

    ids: NDArray[np.int32]
    line_ends: NDArray[np.int64]
    vocabulary: Vocabulary
    summary: CorpusSummary
    settings: dict[str, Any] = field(default_factory=dict)
    """by which it was encoded: sections `text` and `vocabulary`"""
    fingerprint: str = ""
    """of its sources and settings, or empty where the sources have none"""
    phraser: Phraser | None = None
    """the phrases that were joined in it, if any"""

    def __post_init__(self) -> None:
        _require_sound(self.ids, self.line_ends, self.vocabulary, "ids", "line_ends")

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()  # a pickle may be as damaged as any file

    def __repr__(self) -> str:
        return (
            f"<EncodedCorpus of {len(self):,} tokens in {self.lines:,} lines, "
            f"{len(self.vocabulary):,} words>"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: the sizes, what was read, and the most frequent words."""
        size = paragraphs([repr(self)[1:-1]])
        return size + self.summary._repr_html_() + self.vocabulary._repr_html_()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lines(self) -> int:
        """How many lines hold a kept word."""
        return len(self.line_ends)

    @property
    def memory_bytes(self) -> int:
        """Of ids and line ends, where they are not mapped from a file."""
        return sum(a.nbytes for a in (self.ids, self.line_ends) if not is_mapped(a))

    def line(self, number: int) -> NDArray[np.int32]:
        """The ids of a line, a view; lines count from 0, or from the end if below.

        Raises
        ------
        IndexError
            If there is no such line.

        """
        if not -self.lines <= number < self.lines:
            raise IndexError(f"line {number:,} of {self.lines:,}")
        number %= self.lines
        start = self.line_ends[number - 1] if number else 0
        return self.ids[start : self.line_ends[number]]

    def slice_lines(self, start: int, stop: int) -> "EncodedCorpus":
        """Lines start..stop (as a slice takes them); the ids are a view."""
        start, stop, _ = slice(start, stop).indices(self.lines)
        first = int(self.line_ends[start - 1]) if start else 0
        last = int(self.line_ends[stop - 1]) if stop > start else first
        ids, line_ends = self.ids[first:last], self.line_ends[start : max(start, stop)] - first
        return self._of_checked(**{**vars(self), "ids": ids, "line_ends": line_ends})

    def slice_tokens(self, start: int, stop: int) -> "EncodedCorpus":
        """Tokens start..stop (as a slice takes them); the ids are a view. Lines may be cut."""
        start, stop, _ = slice(start, stop).indices(len(self.ids))
        stop = max(start, stop)
        inside = slice(*np.searchsorted(self.line_ends, [start, stop], "right"))
        ends = np.minimum(self.line_ends[inside], stop) - start
        if stop > start and (not len(ends) or ends[-1] < stop - start):
            ends = np.append(ends, stop - start)
        ids = self.ids[start:stop]
        return self._of_checked(**{**vars(self), "ids": ids, "line_ends": ends})

    @classmethod
    def _of_checked(cls, **values: Any) -> "EncodedCorpus":
        """A corpus, or part of one, that has been checked already."""
        corpus = object.__new__(cls)
        corpus.__dict__.update(values)
        return corpus

    def decode(self, ids: Sequence[int] | NDArray[np.int32]) -> list[str]:
        """The words of ids."""
        words = self.vocabulary.words
        return [words[number] for number in ids]

    def sentences(self) -> Iterator[list[str]]:
        """The words, line by line: what other libraries train on."""
        for number in range(self.lines):
            yield self.decode(self.line(number))

    def save(self, folder: PathLike, *, overwrite: bool = False) -> None:
        """Write a folder that `load` maps, whole or not at all.

        Raises
        ------
        OutputExistsError
            If something is there and `overwrite` is false, or it is not a corpus.

        """
        folder = as_path(folder)
        replaceable = partial(require_place, folder, overwrite=overwrite)
        replaceable()
        with whole_folder(folder, overwrite=overwrite, require_place=replaceable) as new:
            with (new / IDS).open("wb") as ids, (new / LINE_ENDS).open("wb") as line_ends:
                ids.write(np.ascontiguousarray(self.ids, "<i4").data)
                line_ends.write(np.ascontiguousarray(self.line_ends, "<i8").data)
            write_about(self, new)

    @classmethod
    def load(cls, folder: PathLike) -> "EncodedCorpus":
        """Map a folder that `save` or `skipgram encode` wrote.

        Raises
        ------
        FormatError
            If a file of it is missing, damaged, or of another version.

        """
        return _load(recovered(as_path(folder)))


def is_encoded(path: PathLike) -> bool:
    """Whether a path is a folder that holds an encoded corpus."""
    try:
        return (recovered(Path(path)) / ABOUT).is_file()
    except (OSError, ValueError):  # a name that no file can have, such as a text
        return False


def require_place(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that is taken, and ever to replace what is not an encoded corpus."""
    require_free_folder(folder, _FILES.__contains__, overwrite=overwrite)


def write_about(corpus: EncodedCorpus, folder: Path) -> None:
    """Write everything but the two arrays, which are already there."""
    corpus.vocabulary.save(folder / VOCABULARY)
    if corpus.phraser is not None:
        phrases_file.save(corpus.phraser, folder)
    about = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "tokens": len(corpus.ids),
        "lines": corpus.lines,
        "settings": corpus.settings,
        "summary": asdict(corpus.summary),
        "fingerprint": corpus.fingerprint,
        _HAS_PHRASES: corpus.phraser is not None,
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _load(folder: Path) -> EncodedCorpus:
    about_file = folder / ABOUT
    if not is_there(about_file):
        raise FormatError(
            f"{folder} is not an encoded corpus: it has no {ABOUT}; `skipgram encode` writes one"
        )
    about = read_json(about_file, "the settings of an encoded corpus")
    require_format(about, FORMAT, FORMAT_VERSION, about_file, _AGAIN)
    try:
        tokens, lines = (_count(about[name]) for name in ("tokens", "lines"))
        summary = of_plain(CorpusSummary, about["summary"])
        settings, fingerprint = dict(about["settings"]), str(about["fingerprint"])
        Settings.from_dict(settings)
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{about_file} is damaged ({reason(error)}); {_AGAIN}") from error
    vocabulary = Vocabulary.load(folder / VOCABULARY)
    try:
        ids = map_numbers(folder / IDS, "<i4", (tokens,), is_all=True)
        line_ends = map_numbers(folder / LINE_ENDS, "<i8", (lines,), is_all=True)
        _require_sound(ids, line_ends, vocabulary, folder / IDS, folder / LINE_ENDS)
        phraser = _phraser(folder, about)
    except FormatError as error:
        raise FormatError(f"{error}; {_AGAIN}") from None
    return EncodedCorpus._of_checked(
        ids=ids,
        line_ends=line_ends,
        vocabulary=vocabulary,
        summary=summary,
        settings=settings,
        fingerprint=fingerprint,
        phraser=phraser,
    )


def _phraser(folder: Path, about: dict[str, Any]) -> Phraser | None:
    return phrases_file.load(folder) if about.get(_HAS_PHRASES) else None


def _require_sound(
    ids: NDArray[np.int32],
    line_ends: NDArray[np.int64],
    vocabulary: Vocabulary,
    ids_are: PathLike,
    line_ends_are: PathLike,
) -> None:
    """Refuse ids and ends that would make a kernel read outside its arrays."""
    require_array(ids, np.int32, f"{ids_are}")
    require_array(line_ends, np.int64, f"{line_ends_are}")
    require_ids(ids, len(vocabulary), f"{ids_are}")
    require_rising(line_ends, len(ids), f"{line_ends_are}", strictly=True)
    vocabulary.require_counts("vocabulary")


def _count(value: object) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"{value!r:.60} where a count of tokens or lines should be")
    return value
