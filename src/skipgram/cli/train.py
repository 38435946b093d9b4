"""`skipgram train`: text in, vectors out."""

from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from skipgram.cli.encoding_options import Corpus, takes_encoding_options
from skipgram.cli.options import Quiet, setting
from skipgram.settings import default


class YesOrNo(StrEnum):
    """A choice that is written out."""

    YES = "yes"
    NO = "no"


@takes_encoding_options()
def train(
    *,
    corpus: Corpus,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for the vectors.")
    ],
    export: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Also write word2vec's format: .txt or .vec for text, .bin for binary. "
            "May be given again.",
        ),
    ] = None,
    objective: Annotated[str, setting("objective")] = default("objective"),
    embedding_dim: Annotated[
        int | None, setting("embedding_dim", shown=f"{default('embedding_dim')}, or --continue's")
    ] = None,
    window: Annotated[int, setting("window")] = default("window"),
    window_width: Annotated[str, setting("window_width")] = default("window_width"),
    negatives: Annotated[int, setting("negatives")] = default("negatives"),
    negatives_shared: Annotated[YesOrNo, setting("negatives_shared")] = YesOrNo.YES,
    epochs: Annotated[int, setting("epochs")] = default("epochs"),
    subsample: Annotated[float, setting("subsample")] = default("subsample"),
    noise_exponent: Annotated[float, setting("noise_exponent")] = default("noise_exponent"),
    learning_rate: Annotated[float, setting("learning_rate")] = default("learning_rate"),
    schedule: Annotated[str, setting("schedule")] = default("schedule"),
    seed: Annotated[int, setting("seed")] = default("seed"),
    holdout: Annotated[float, setting("holdout")] = default("holdout"),
    patience: Annotated[int, setting("patience")] = default("patience"),
    deterministic: Annotated[bool, setting("deterministic")] = default("deterministic"),
    shown: Annotated[str, setting("shown")] = default("shown"),
    encoding: dict[str, Any],
    cache: Annotated[
        bool,
        typer.Option(
            "--cache",
            help="Keep the encoded corpus beside the vectors, as DIR.corpus, and take it instead "
            "of reading while the names, sizes and times of the files are the same.",
        ),
    ] = False,
    checkpoint_minutes: Annotated[float, setting("checkpoint_minutes")] = default(
        "checkpoint_minutes"
    ),
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on where an interrupted run of the same command stopped, if one did, from "
            "DIR.checkpoint.",
        ),
    ] = False,
    continue_from: Annotated[
        Path | None,
        typer.Option(
            "--continue",
            metavar="VECTORS",
            help="Train the vectors of this folder further: words keep their ids and vectors, and "
            "counts are added up.",
        ),
    ] = None,
    add_words: Annotated[
        bool,
        typer.Option("--add-words", help="Give new words vectors, behind those of --continue."),
    ] = False,
    log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the run's events to a file, in JSON lines."),
    ] = None,
    tensorboard: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the run's figures to a folder for TensorBoard."),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="Replace vectors, exports and logs that are there, and give up a checkpoint.",
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Train word vectors on text."""
    from skipgram import pipeline
    from skipgram.cli.progress import RunView

    if embedding_dim is not None:  # else the default's, or that of --continue
        encoding["embedding_dim"] = embedding_dim
    with RunView(quiet=quiet) as view:
        vectors = pipeline.train(
            corpus,
            output,
            export=export or (),
            overwrite=overwrite,
            cache=cache,
            resume=resume,
            continue_from=continue_from,
            add_words=add_words,
            log=log,
            tensorboard=tensorboard,
            observe=view.observe,
            objective=objective,
            window=window,
            window_width=window_width,
            negatives=negatives,
            negatives_shared=negatives_shared == YesOrNo.YES,
            epochs=epochs,
            subsample=subsample,
            noise_exponent=noise_exponent,
            learning_rate=learning_rate,
            schedule=schedule,
            seed=seed,
            holdout=holdout,
            patience=patience,
            deterministic=deterministic,
            shown=shown,
            checkpoint_minutes=checkpoint_minutes,
            **encoding,
        )
    for file in export or ():
        view.say(f"exported to {file}")
    words = [vectors.words[number] for number in vectors.vocabulary.by_count[:1000]]
    word = next((word for word in words[100:] if word.isalpha()), words[0])
    view.say(f"saved to {output}; ask it:  skipgram neighbors {quote(str(output))} {quote(word)}")
