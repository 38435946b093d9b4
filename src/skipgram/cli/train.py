"""`skipgram train`: text in, vectors out."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from skipgram.cli.options import setting
from skipgram.settings import default, describe


def train(
    corpus: Annotated[
        list[Path],
        typer.Argument(
            metavar="CORPUS",
            help="Text files: words between blanks, lines that no window crosses. "
            "gzip, bzip2 and xz are unpacked.",
        ),
    ],
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
    embedding_dim: Annotated[int, setting("embedding_dim")] = default("embedding_dim"),
    window: Annotated[int, setting("window")] = default("window"),
    negatives: Annotated[int, setting("negatives")] = default("negatives"),
    epochs: Annotated[int, setting("epochs")] = default("epochs"),
    min_count: Annotated[int, setting("min_count")] = default("min_count"),
    subsample: Annotated[float, setting("subsample")] = default("subsample"),
    noise_exponent: Annotated[float, setting("noise_exponent")] = default("noise_exponent"),
    learning_rate: Annotated[float, setting("learning_rate")] = default("learning_rate"),
    threads: Annotated[
        int | None,
        typer.Option(
            help=f"{describe('threads').capitalize()}.", show_default="all that it may use"
        ),
    ] = None,
    seed: Annotated[int, setting("seed")] = default("seed"),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace vectors and exports that are there.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Train word vectors on text files."""
    from skipgram import pipeline
    from skipgram.cli.progress import RunView
    from skipgram.machine import usable_threads

    with RunView(quiet=quiet) as view:
        vectors = pipeline.train(
            corpus,
            output,
            export=export or (),
            overwrite=overwrite,
            observe=view.observe,
            objective=objective,
            embedding_dim=embedding_dim,
            window=window,
            negatives=negatives,
            epochs=epochs,
            min_count=min_count,
            subsample=subsample,
            noise_exponent=noise_exponent,
            learning_rate=learning_rate,
            threads=usable_threads() if threads is None else threads,
            seed=seed,
        )
    for file in export or ():
        view.say(f"exported to {file}")
    word = next((word for word in vectors.words[100:] if word.isalpha()), vectors.words[0])
    view.say(f"saved to {output}; ask it:  skipgram neighbors {quote(str(output))} {quote(word)}")
