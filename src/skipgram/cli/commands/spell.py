"""`skipgram spell`: vectors that know the spelling of their words, from any vectors."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skipgram.cli.options import Overwrite, Quiet, number, whole_number
from skipgram.cli.views.mouth import note
from skipgram.system.machine import require_room
from skipgram.telling.wording import many, percent

if TYPE_CHECKING:
    from skipgram.vectors.word_vectors import WordVectors


def spell(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="VECTORS",
            help="A folder that `skipgram train` wrote, or another tool's file of vectors.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Where to save the spelled vectors."),
    ],
    ngrams: Annotated[
        str,
        typer.Option(metavar="<int>-<int>", help="From how many characters to how many."),
    ] = "3-6",
    share: Annotated[
        float,
        number(
            help="How much of it is added; more helps analogies of grammar, and beyond 0.5 or so "
            "harms those of meaning. 0 only makes vectors for unknown words."
        ),
    ] = 0.5,
    penalty: Annotated[
        float, number(help="The larger it is, the shorter the vectors of n-grams.")
    ] = 0.3,
    min_words: Annotated[int, whole_number(help="Leave out n-grams that fewer words have.")] = 2,
    threads: Annotated[
        int | None,
        whole_number(
            help="Threads; their number changes nothing.",
            show_default="all available",
        ),
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Improve vectors by the spelling of their words, and make vectors for unknown words.

    Takes any vectors, and no text: each n-gram of characters that words share gets a
    vector, by a regression. The vectors as they were stay in the folder too.
    """
    require_room()
    import skipgram
    from skipgram.cli.views.steps import steps
    from skipgram.system.paths import nearest_folder, require_apart
    from skipgram.vectors.formats import native
    from skipgram.vectors.respelling import likely_memory_bytes

    require_apart([output], [source])
    native.require_place(output, overwrite=overwrite)
    began = time.monotonic()
    with steps("reading", "words", quiet=quiet) as tell:
        vectors = skipgram.load(source, scratch=nearest_folder(output), observe=tell)
    if not quiet:
        megabytes = 1 + likely_memory_bytes(vectors) // 10**6
        note(f"spelling {many(len(vectors), 'word')}; needs some {megabytes:,} MB")
    with steps("spelling", "steps", quiet=quiet) as tell:
        spelled = vectors.with_spelling(
            ngrams,
            share=share,
            penalty=penalty,
            least_words=min_words,
            threads=threads,
            observe=tell,
        )
    spelled.save(output, overwrite=overwrite)
    if not quiet:
        seconds = time.monotonic() - began
        for line in _summary(spelled, output, seconds):
            note(line)


def _summary(vectors: "WordVectors", output: Path, seconds: float) -> list[str]:
    from skipgram.spelling.explaining import says_something

    about = vectors.about["spelled"]
    explained = about["explained"]
    lines = [
        f"{len(vectors):,} words × {vectors.embedding_dim} numbers, "
        f"{many(about['shared_ngrams'], 'n-gram')} of {about['ngrams']} characters, "
        f"{seconds:.1f} s",
    ]
    if about["words_without_ngrams"]:
        lines.append(f"words without any of these n-grams: {about['words_without_ngrams']:,}")
    if about["zero_words"]:
        lines.append(f"words whose vector is zero, left out: {about['zero_words']:,}")
    if says_something(explained):
        lines.append(f"n-grams explain {percent(explained)} of held-out words' variance")
    else:
        lines.append(
            "n-grams explain nothing of held-out words' variance: they are left out, and unknown "
            "words stay unknown"
        )
    shown = f"the {about['matrix']} vectors"
    if vectors.shown == "spelled":
        shown += f" + {about['share']:g} of what their spelling says"
    lines.append(f"{output} shows {shown}")
    return lines
