"""`skipgram vocabulary`: which words there are, and how often each is seen."""

from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import Corpus, Overwrite, Quiet, takes_encoding_options


@takes_encoding_options(min_count="1")
def vocabulary(
    *,
    corpus: Corpus,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write words and counts: .tsv or .txt for text, any other suffix for "
            "safetensors, which can hold every word.",
        ),
    ] = None,
    encoding: dict[str, Any],
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Count the words of a corpus, show them, and save them.

    Saved vocabularies (except those saved as text) may be among the sources;
    their counts are added.
    """
    import skipgram
    from skipgram.cli.views.progress import shell_view
    from skipgram.cli.views.vocabulary import show
    from skipgram.corpus.inputs import named_paths
    from skipgram.corpus.vocabulary import file as vocabulary_file
    from skipgram.system.paths import require_apart, require_free_file

    if output is not None:
        require_apart([output], named_paths(corpus))
        require_free_file(output, overwrite=overwrite)
    with shell_view(quiet=quiet) as view:
        counted = skipgram.count_words(corpus, progress=False, observe=view.observe, **encoding)
    show(counted)
    if output is not None:
        vocabulary_file.save(counted.words, counted.counts, output, overwrite=overwrite, keeps=True)
        view.say(f"saved to {output}")
