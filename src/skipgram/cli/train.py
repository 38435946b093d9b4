"""`skipgram train`: text in, vectors out."""

from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer

from skipgram.cli.encoding_options import Corpus, takes_encoding_options
from skipgram.cli.options import Quiet, setting
from skipgram.settings import default


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
    embedding_dim: Annotated[int, setting("embedding_dim")] = default("embedding_dim"),
    window: Annotated[int, setting("window")] = default("window"),
    negatives: Annotated[int, setting("negatives")] = default("negatives"),
    epochs: Annotated[int, setting("epochs")] = default("epochs"),
    subsample: Annotated[float, setting("subsample")] = default("subsample"),
    noise_exponent: Annotated[float, setting("noise_exponent")] = default("noise_exponent"),
    learning_rate: Annotated[float, setting("learning_rate")] = default("learning_rate"),
    seed: Annotated[int, setting("seed")] = default("seed"),
    encoding: dict[str, Any],
    cache: Annotated[
        bool,
        typer.Option(
            "--cache",
            help="Keep the encoded corpus beside the vectors, as DIR.corpus, and take it instead "
            "of reading while the names, sizes and times of the files are the same.",
        ),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace vectors and exports that are there.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Train word vectors on text."""
    from skipgram import pipeline
    from skipgram.cli.progress import RunView

    with RunView(quiet=quiet) as view:
        vectors = pipeline.train(
            corpus,
            output,
            export=export or (),
            overwrite=overwrite,
            cache=cache,
            observe=view.observe,
            objective=objective,
            embedding_dim=embedding_dim,
            window=window,
            negatives=negatives,
            epochs=epochs,
            subsample=subsample,
            noise_exponent=noise_exponent,
            learning_rate=learning_rate,
            seed=seed,
            **encoding,
        )
    for file in export or ():
        view.say(f"exported to {file}")
    word = next((word for word in vectors.words[100:] if word.isalpha()), vectors.words[0])
    view.say(f"saved to {output}; ask it:  skipgram neighbors {quote(str(output))} {quote(word)}")
