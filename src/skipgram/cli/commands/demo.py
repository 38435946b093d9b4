"""`skipgram demo`: the main job on a dictionary, shown in a screenful."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from skipgram.cli.views.invocation import command
from skipgram.cli.views.mouth import answer
from skipgram.errors import MissingExtraError

DEMO_EPOCHS = 10


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for the results.")
    ] = Path("skipgram-demo"),
) -> None:
    """Train on the bundled dictionary; show neighbours, analogies, scores and a map."""
    import skipgram
    from skipgram.cli.views.progress import shell_view
    from skipgram.cli.views.scores import print_scores
    from skipgram.cli.views.tables import print_neighbors
    from skipgram.evaluation.battery import MEN, WORDSIM_353
    from skipgram.evaluation.report import Report
    from skipgram.figures.demo_words import DEMO_ANALOGIES, DEMO_GROUPS, DEMO_QUERIES
    from skipgram.figures.plots import word_map

    folder, picture = output / "vectors", output / "map.png"
    answer("The corpus: WordNet 3.0, a dictionary; each line has some words, then their meaning.")
    with shell_view() as view:
        vectors = skipgram.train(
            skipgram.demo_corpus(),
            folder,
            epochs=DEMO_EPOCHS,
            overwrite=_is_from_the_demo(folder),
            progress=False,
            observe=view.observe,
        )
    answer()
    print_neighbors({word: vectors.most_similar(word, k=5) for word in DEMO_QUERIES})
    answer()
    for a, b, c, d in DEMO_ANALOGIES:
        found = vectors.analogy(a, b, c)[0].word
        answer(f"{a} is to {b} as {c} is to {found}" + ("" if found == d else f", not {d}"))
    answer()
    report = skipgram.evaluate(vectors, similarity=(WORDSIM_353, MEN))
    # A screenful: each set by its first measure. `skipgram evaluate` has them all.
    brief = Report(tuple(replace(of, measures=of.measures[:1]) for of in report.scores))
    print_scores(brief, "", "table")
    answer()
    try:
        word_map(vectors, DEMO_GROUPS, picture, "Words of a dictionary")
        answer(f"the map:     {picture}")
    except MissingExtraError as error:
        answer(f"no map: {error}")
    answer(f"the vectors: {folder}")
    answer(f"next:        {command('neighbors', folder, 'ship', 'music')}")


def _is_from_the_demo(folder: Path) -> bool:
    """Whether these vectors are an earlier demo's, and may be replaced without asking."""
    import skipgram
    from skipgram.corpus.demo import DEMO_SHA256

    try:
        corpus = skipgram.load(folder).about.get("corpus", {})
    except skipgram.SkipgramError:
        return False
    return isinstance(corpus, dict) and corpus.get("sha256") == DEMO_SHA256
