"""`skipgram train`: text in, vectors out."""

from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import (
    BY_SWEEPS,
    IN_FILES,
    ON_CLUSTER,
    TO_GO_ON,
    Corpus,
    Phraser,
    Quiet,
    number,
    takes_encoding_options,
    takes_training_options,
)
from skipgram.cli.views.invocation import command
from skipgram.cli.views.word_to_try import word_to_try
from skipgram.vectors.formats.names import SUFFIXES

EXAMPLES = """For prose such as a novel, whose words become lower-cased and lose their punctuation:

skipgram train novel.txt -o vectors --tokenizer words

For text that is tokenised already, with blanks between the words:

skipgram train tokens.txt -o vectors"""
"""Below the options of the help, a paragraph a line."""


@takes_training_options
@takes_encoding_options()
def train(
    *,
    corpus: Corpus,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for the vectors.")
    ],
    training: dict[str, Any],
    encoding: dict[str, Any],
    phraser: Phraser = None,
    export: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            rich_help_panel=IN_FILES,
            help="Also write the vectors in another format, which the suffix chooses: "
            f"{', '.join(SUFFIXES)}; no suffix, the native folder. May be repeated.",
        ),
    ] = None,
    counts: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            rich_help_panel=BY_SWEEPS,
            help="Use the counts that `skipgram cooccurrence` wrote, for the objectives that "
            "train by sweeps.",
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes",
            rich_help_panel=BY_SWEEPS,
            help="Start even if the sweeps will take long.",
        ),
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            rich_help_panel=ON_CLUSTER,
            help="Dask workers that share the work of the sweeps: the address of a scheduler "
            "(tcp://host:8786), or local:4 for four processes of this machine.",
        ),
    ] = None,
    cluster_storage: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            rich_help_panel=ON_CLUSTER,
            help="A folder that this machine and all workers see, as s3://bucket/folder or "
            "file:///shared/folder; local workers need none.",
        ),
    ] = None,
    cluster_deadline: Annotated[
        float,
        number(
            metavar="SECONDS",
            rich_help_panel=ON_CLUSTER,
            help="After so long without an answer, give the work to another worker as well.",
        ),
    ] = 60.0,
    cluster_unlike: Annotated[
        bool,
        typer.Option(
            "--cluster-unlike",
            rich_help_panel=ON_CLUSTER,
            help="Allow workers whose processors or libraries differ; the last digits may then "
            "change from run to run.",
        ),
    ] = False,
    cache: Annotated[
        bool,
        typer.Option(
            "--cache",
            rich_help_panel=IN_FILES,
            help="Keep the encoded corpus beside the vectors, as DIR.corpus, and reuse it as "
            "long as the files' names, sizes and times are the same.",
        ),
    ] = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            rich_help_panel=TO_GO_ON,
            help="Continue an interrupted run of the same command from DIR.checkpoint, if there "
            "is one.",
        ),
    ] = False,
    continue_from: Annotated[
        Path | None,
        typer.Option(
            "--continue",
            metavar="VECTORS",
            rich_help_panel=TO_GO_ON,
            help="Train the vectors of this folder further: words keep their ids and vectors, "
            "and counts are added.",
        ),
    ] = None,
    add_words: Annotated[
        bool,
        typer.Option(
            "--add-words",
            rich_help_panel=TO_GO_ON,
            help="Add new words, after those of --continue.",
        ),
    ] = False,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            rich_help_panel=IN_FILES,
            help="Write the run's events to a file, as JSON lines.",
        ),
    ] = None,
    tensorboard: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            rich_help_panel=IN_FILES,
            help="Write the run's curves to a folder for TensorBoard.",
        ),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            rich_help_panel=IN_FILES,
            help="Replace existing vectors, exports and logs, and discard a checkpoint.",
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Train word vectors on text."""
    import skipgram
    from skipgram.cli.views.progress import shell_view
    from skipgram.vectors.spread import ALIKE, mean_cosine

    with shell_view(quiet=quiet) as view:
        vectors = skipgram.train(
            corpus,
            output,
            export=export or (),
            overwrite=overwrite,
            cache=cache,
            resume=resume,
            continue_from=continue_from,
            add_words=add_words,
            phraser=phraser,
            log=log,
            tensorboard=tensorboard,
            progress=False,
            observe=view.observe,
            counts=counts,
            may_take_long=yes,
            cluster=cluster,
            cluster_storage=cluster_storage,
            cluster_deadline=cluster_deadline,
            cluster_unlike=cluster_unlike,
            **training,
            **encoding,
        )
    for file in export or ():
        view.say(f"exported to {file}")
    if (cosine := mean_cosine(vectors)) > ALIKE:
        view.say(
            f"the vectors are nearly all alike (mean cosine {cosine:.2f}), so neighbours mean "
            "little: give more --epochs or more text, or try --objective softmax"
        )
    view.say(f"saved to {output}; try:  {command('neighbors', output, word_to_try(vectors))}")
