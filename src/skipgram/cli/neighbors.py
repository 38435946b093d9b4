"""`skipgram neighbors`: the words nearest to words."""

from typing import Annotated

import typer

from skipgram.cli.options import Count, Folder


def neighbors(
    folder: Folder,
    words: Annotated[list[str], typer.Argument(metavar="WORD", help="Words to look up.")],
    count: Count = 10,
) -> None:
    """Show the nearest words by cosine, a column a word."""
    import skipgram
    from skipgram.cli.tables import print_neighbors, visible

    vectors = skipgram.load(folder)
    answers = {}
    for word in words:
        found = vectors.most_similar(word, k=count)
        answers[visible(word)] = [near._replace(word=visible(near.word)) for near in found]
    print_neighbors(answers)
