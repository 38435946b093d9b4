"""`skipgram neighbors`, `similarity` and `analogy`: what is near to words, and how near."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from skipgram.cli.options import Count, Folder, whole_number
from skipgram.cli.views.forms import Ascii, Form, Output, Spreadsheet
from skipgram.cli.views.invocation import command
from skipgram.cli.views.mouth import all_answered, answer, answer_csv, answer_json, note
from skipgram.cli.views.word_to_try import word_to_try
from skipgram.errors import CorpusError, SettingsError, SkipgramError
from skipgram.telling.wording import many

if TYPE_CHECKING:
    from skipgram.vectors.neighbors import Neighbors, Notes
    from skipgram.vectors.queries import Combine
    from skipgram.vectors.word_vectors import WordVectors


_MOST_LINE_BYTES = 1 << 20
_MOST_LINES = 1 << 20
_MOST_REASONS = 10
"""Among a million words the search for similar spellings takes a third of a second each."""


def neighbors(
    folder: Folder,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD",
            help="Words to look up; - reads them from standard input, one a line.",
        ),
    ] = None,
    count: Count = 10,
    first_words: Annotated[
        int | None,
        whole_number(help="Search only this many of the most frequent words.", show_default="all"),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="A word to leave out of the answers. May be repeated."),
    ] = None,
    approximate: Annotated[
        bool,
        typer.Option("--approximate", help="Search with the index that `skipgram index` built."),
    ] = False,
    output: Output = "table",
    ascii: Ascii = False,
    spreadsheet: Spreadsheet = False,
) -> None:
    """Show the nearest words by cosine, one column per word.

    A word that is not in the vocabulary is spelled, where the vectors can do that,
    and a line says so. Words that cannot be looked up (other unknown ones, and those
    whose vector is zero) are named after the answers to the others, with exit code 1;
    words from standard input are only skipped, named and counted.
    """
    import skipgram

    form = Form(output, ascii, spreadsheet)
    vectors = skipgram.load(folder)
    given: list[str] = words or []
    refused: list[str] = []
    if given == ["-"] or (not given and sys.stdin is not None and not sys.stdin.isatty()):
        asked = _words_of_standard_input(folder, vectors)
    elif given:
        asked, refused = _split(given, vectors)
    else:
        raise SettingsError(f"no words to look up; give some, {_ways_to_ask(folder, vectors)}")
    answers = vectors.most_similar_each(
        asked, count, first_words=first_words, exclude=exclude or (), approximate=approximate
    )
    if asked:
        show(asked, answers, form)
        all_answered()  # before the notes, where both are one terminal
    for reason in refused:
        note(f"skipgram: {reason}")
    if refused:
        raise typer.Exit(1)


def _split(given: list[str], vectors: "WordVectors") -> tuple[list[str], list[str]]:
    """The words that can be looked up, and for each of the others why it cannot be."""
    from skipgram.vectors.asked import Unanswerable, enumeration, look_up

    found = look_up(vectors, given, Unanswerable([], [], len(given)))
    known = [word for word, is_known in zip(given, found.is_known, strict=True) if is_known]
    answered = {*known}
    others = list(dict.fromkeys(word for word in given if word not in answered))
    reasons = [_reason(word, vectors) for word in others[:_MOST_REASONS]]
    if more := others[_MOST_REASONS:]:
        names = enumeration([repr(word) for word in more])
        reasons.append(f"{many(len(more), 'more word')} cannot be looked up: {names}")
    return known, reasons


def _reason(word: str, vectors: "WordVectors") -> str:
    """Why a word cannot be looked up, with similar spellings."""
    from skipgram.vectors.asked import known_terms

    try:
        known_terms(vectors, word)
    except SkipgramError as error:
        return str(error)
    raise AssertionError(f"{word!r} can be looked up")


def _ways_to_ask(folder: Path, vectors: "WordVectors") -> str:
    query = command("neighbors", folder, word_to_try(vectors))
    return f"as in  {query}  (or - to read them from standard input, one a line)"


def _words_of_standard_input(folder: Path, vectors: "WordVectors") -> list[str]:
    """Those that can be looked up; a note names and counts the others."""
    from skipgram.vectors.asked import Unanswerable, look_up

    if sys.stdin is None:
        raise SettingsError("no words to look up: standard input is closed")
    if sys.stdin.isatty():
        note("type words, one a line, and end with Ctrl-D (on Windows with Ctrl-Z and Enter)")
    given = _lines()
    if not given:
        raise SettingsError(
            "no words to look up: standard input is empty; give some, "
            f"{_ways_to_ask(folder, vectors)}"
        )
    missing = Unanswerable([], [], len(given))
    found = look_up(vectors, given, missing)
    if missing:
        note(f"skipped: {missing}")
    if not found.is_known.any():
        raise SettingsError("none of the words from standard input can be looked up")
    return [word for word, is_known in zip(given, found.is_known, strict=True) if is_known]


def _lines() -> list[str]:
    r"""The words of the standard input; bytes that are not UTF-8 are written as \xe9."""
    words: list[str] = []
    number = 0
    try:
        while line := sys.stdin.buffer.readline(_MOST_LINE_BYTES + 1):
            number += 1
            if len(line) > _MOST_LINE_BYTES:
                raise CorpusError(
                    f"line {number:,} of standard input is longer than {_MOST_LINE_BYTES:,} "
                    "bytes; give one word a line"
                )
            if number > _MOST_LINES:
                raise CorpusError(
                    f"standard input has more than {_MOST_LINES:,} lines; ask for fewer words "
                    "at a time"
                )
            if line.strip():
                words.append(line.rstrip(b"\r\n").decode(errors="backslashreplace"))
    except OSError as error:
        raise CorpusError(f"standard input cannot be read: {error.strerror or error}") from error
    return words


def show(queries: Sequence[str], answers: Sequence["Neighbors"], form: Form) -> None:
    """Print the answers to several queries."""
    from skipgram.vectors.neighbors import Notes

    answered = list(zip(queries, answers, strict=True))
    notes = Notes.of_all(found.notes for found in answers)
    if form.output == "table":
        from skipgram.cli.views.tables import print_neighbors

        print_neighbors(dict(answered))
        for line in notes.told():
            answer(line)
    elif form.output == "json":
        records = [
            {"query": query, "neighbors": [near._asdict() for near in found]}
            | ({"spelled": list(found.spelled)} if found.spelled else {})
            | ({"read_as": found.read_as} if found.read_as else {})
            for query, found in answered
        ]
        answer_json(records, ascii=form.ascii)
    else:
        rows = (
            (query, rank, near.word, near.similarity)
            for query, found in answered
            for rank, near in enumerate(found, start=1)
        )
        header = ("query", "rank", "word", "similarity")
        answer_csv(header, rows, for_spreadsheet=form.for_spreadsheet)
        _tell(notes)


def _tell(notes: "Notes") -> None:
    """Where there is no room for them among the answers."""
    if notes:
        all_answered()  # before the note, where both are one terminal
    for line in notes.told():
        note(line)


def similarity(
    folder: Folder,
    one: Annotated[str, typer.Argument(metavar="WORD", help="A word.")],
    other: Annotated[str, typer.Argument(metavar="WORD", help="Another word.")],
) -> None:
    """Show the cosine of two words' vectors, from -1 to 1."""
    import skipgram
    from skipgram.vectors.asked import known_terms
    from skipgram.vectors.neighbors import Notes

    vectors = skipgram.load(folder)
    answer(f"{vectors.similarity(one, other):.4f}")
    _tell(Notes.of_all(term.notes for term in known_terms(vectors, [one, other])))


def analogy(
    folder: Folder,
    a: Annotated[str, typer.Argument(help="as in man ...")],
    b: Annotated[str, typer.Argument(help="is to king ...")],
    c: Annotated[str, typer.Argument(help="as woman ...")],
    count: Count = 5,
    combine: Annotated[
        str,
        typer.Option(
            help="How to combine the words: add (vectors, 3CosAdd) or multiply (cosines, 3CosMul)."
        ),
    ] = "add",
    output: Output = "table",
    ascii: Ascii = False,
    spreadsheet: Spreadsheet = False,
) -> None:
    """Complete the analogy: A is to B as C is to ..."""
    import skipgram

    form = Form(output, ascii, spreadsheet)
    found = skipgram.load(folder).analogy(a, b, c, count, combine=cast("Combine", combine))
    show([f"{a} : {b} = {c} :"], [found], form)
