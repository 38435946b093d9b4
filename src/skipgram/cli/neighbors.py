"""`skipgram neighbors`: the words nearest to words."""

import csv
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from skipgram.cli.options import Count, Folder

if TYPE_CHECKING:
    from skipgram.vectors.neighbors import Neighbors
    from skipgram.vectors.word_vectors import WordVectors


Output = Annotated[
    str, typer.Option("--format", help="How to print the answers: table, json or csv.")
]


def neighbors(
    folder: Folder,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD",
            help="Words to look up; - takes them from the standard input, a line each.",
        ),
    ] = None,
    count: Count = 10,
    first_words: Annotated[
        int | None,
        typer.Option(
            help="Answers are among so many words only, the most frequent.", show_default="all"
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="WORD", help="A word that is no answer. May be given again."),
    ] = None,
    approximate: Annotated[
        bool, typer.Option("--approximate", help="Ask the index that `skipgram index` built.")
    ] = False,
    output: Output = "table",
) -> None:
    """Show the nearest words by cosine, a column a word.

    Words of the standard input that cannot be looked up are skipped, named and
    counted: unknown ones, and those whose vector is zero.
    """
    import skipgram

    require_output(output)
    vectors = skipgram.load(folder)
    asked = _asked(words or [], vectors)
    answers = vectors.most_similar_each(
        asked, count, first_words=first_words, exclude=exclude or (), approximate=approximate
    )
    show(asked, answers, output)


def _asked(words: list[str], vectors: "WordVectors") -> list[str]:
    """The words to look up: those of the command line must have an answer."""
    from skipgram.errors import SettingsError
    from skipgram.vectors.asked import Unanswerable, look_up

    if not words and sys.stdin is not None and not sys.stdin.isatty():
        words = ["-"]
    if not words:
        raise SettingsError("no word to look up; give some, or - for the standard input")
    if words != ["-"]:
        return words
    if sys.stdin is None:
        raise SettingsError("no word to look up: standard input is closed")
    given = [line.rstrip("\r\n") for line in sys.stdin if line.strip()]
    missing = Unanswerable([], [], len(given))
    found = look_up(vectors, given, missing)
    known = [word for word, is_known in zip(given, found.is_known, strict=True) if is_known]
    if missing:
        print(f"skipped: {missing}", file=sys.stderr)
    if not known:
        raise SettingsError("none of the words of the standard input can be looked up")
    return known


def require_output(output: str) -> None:
    """Refuse a kind of output that there is not, before the work."""
    from skipgram.errors import SettingsError

    if output not in ("table", "json", "csv"):
        raise SettingsError(f"format {output!r} is not one of: table, json, csv")


def show(queries: Sequence[str], answers: Sequence["Neighbors"], output: str) -> None:
    """Print the answers to several queries."""
    if output == "table":
        from skipgram.cli.tables import print_neighbors, visible

        print_neighbors(
            {
                visible(query): [near._replace(word=visible(near.word)) for near in found]
                for query, found in zip(queries, answers, strict=True)
            }
        )
    elif output == "json":
        records = [
            {"query": query, "neighbors": [near._asdict() for near in found]}
            for query, found in zip(queries, answers, strict=True)
        ]
        print(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["query", "rank", "word", "similarity"])
        for query, found in zip(queries, answers, strict=True):
            for rank, near in enumerate(found, start=1):
                writer.writerow([query, rank, near.word, f"{near.similarity:.6f}"])
