"""Sets of analogy questions, as others publish them.

Google's has four words a line, and headings ": section". BATS has a word and its right answers a
line, "word<tab>answer/answer", in files that are sections, in folders; any two lines of a file make
two questions: (a, the first answer to a) and (c, the answers to c), and the other way round. A file
is taken for one of BATS if it has no heading and more lines of two fields than of four.

Source: Mikolov et al. 2013 (arXiv:1301.3781); Gladkova, Drozd and Matsuoka 2016.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

from skipgram.errors import FormatError
from skipgram.evaluation.reading import Troubles, text_files
from skipgram.evaluation.scores import Malformed
from skipgram.untrusted.opening import is_there, read_lines

MOST_LINES = 1_000
"""Of a file of BATS, which make a million questions; it has 50."""


class Question(NamedTuple):
    """a is to b as c is to d."""

    section: str
    a: str
    b: str
    c: str
    d: str
    also_right: tuple[str, ...] = ()
    """other answers"""

    @property
    def answers(self) -> tuple[str, ...]:
        """All that are right."""
        return (self.d, *self.also_right)


class QuestionSet(NamedTuple):
    """A test set."""

    name: str
    questions: Sequence[Question]
    malformed: Malformed = Malformed()
    headings: tuple[str, ...] = ()
    """sections, of which some may have no questions"""

    @property
    def sections(self) -> tuple[str, ...]:
        """All of them, in their order."""
        return tuple(
            dict.fromkeys((*self.headings, *(question.section for question in self.questions)))
        )


def read_questions(file: Path, name: str = "") -> QuestionSet:
    """Questions in Google's format or in that of BATS, which may be a folder of .txt files."""
    is_folder = is_there(file) and file.is_dir()
    files = text_files(file) if is_folder else {file: file.stem}
    if not files:
        raise FormatError(f"{file} is a folder without .txt files: no questions are there")
    questions: list[Question] = []
    headings: list[str] = []
    troubles = Troubles(file)
    for path, section in files.items():
        found, sections = _read(path, section, troubles, is_alone=not is_folder)
        questions += found
        headings += sections
    malformed = troubles.found
    if not questions and not malformed.lines:
        raise FormatError(f"{file} holds no questions")
    malformed = troubles.told(questions, "four words, or a word and its answers,")
    return QuestionSet(name or file.stem, questions, malformed, tuple(dict.fromkeys(headings)))


class _Line(NamedTuple):
    number: int
    text: str

    @property
    def words(self) -> list[str]:
        return self.text.split()

    @property
    def is_heading(self) -> bool:
        return self.text.startswith(":")

    @property
    def entry(self) -> tuple[str, tuple[str, ...]] | None:
        """A word and its answers, if that is what it holds."""
        fields = self.text.split("\t") if "\t" in self.text else self.words
        if len(fields) != 2:
            return None
        word, answers = fields[0].strip(), tuple(map(str.strip, fields[1].split("/")))
        return (word, tuple(filter(None, answers))) if word and any(answers) else None


def _read(
    file: Path, section: str, troubles: Troubles, *, is_alone: bool
) -> tuple[list[Question], list[str]]:
    """The questions of a file, and its sections.

    is_alone: whether no others make up for one without questions.
    """
    all_lines = read_lines(file, "a list of questions")
    lines = [_Line(number, line) for number, line in enumerate(all_lines, 1) if line.strip()]
    if not (lines or is_alone):
        troubles.add_empty(file, len(all_lines))
    if not any(line.is_heading for line in lines):
        of_four = sum(len(line.words) == 4 for line in lines)
        of_two = sum(len(line.words) != 4 and line.entry is not None for line in lines)
        if of_two > of_four:
            entries = _entries(file, lines, troubles)
            if len(entries) == 1 and not is_alone:
                line = next(line for line in lines if line.entry is not None)
                troubles.add(line.number, line.text, file, why="the only one of its file")
            return list(_of_entries(entries, section)), [section]
    return _of_four_words(file, lines, troubles)


def _of_four_words(
    file: Path, lines: list[_Line], troubles: Troubles
) -> tuple[list[Question], list[str]]:
    questions: list[Question] = []
    section, headings = "", []
    for line in lines:
        words = line.words
        if line.is_heading:
            section = line.text[1:].strip()
            headings.append(section)
        elif len(words) == 4:
            a, b, c, d = words
            questions.append(Question(section, a, b, c, d))
            headings = headings or [section]
        else:
            troubles.add(line.number, line.text, file)
    return questions, headings


_Entry = tuple[str, tuple[str, ...]]


def _entries(file: Path, lines: list[_Line], troubles: Troubles) -> list[_Entry]:
    entries = []
    for line in lines:
        if (entry := line.entry) is not None:
            entries.append(entry)
        else:
            troubles.add(line.number, line.text, file)
    if len(entries) > MOST_LINES:
        raise FormatError(
            f"{file} has {len(entries):,} lines, any two of which would make questions; at most "
            f"{MOST_LINES:,} can be in one file"
        )
    return entries


def _of_entries(entries: list[_Entry], section: str) -> Iterator[Question]:
    for (a, (b, *_)), (c, (d, *others)) in permutations(entries, 2):
        yield Question(section, a, b, c, d, tuple(others))
