"""`skipgram convert`: vectors from one format into another."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from skipgram.cli.options import Overwrite, Quiet
from skipgram.cli.views.mouth import note
from skipgram.errors import SettingsError
from skipgram.vectors.formats import names

if TYPE_CHECKING:
    from skipgram.vectors.word_vectors import WordVectors

_ATLAS = "atlas"
"""Not among the formats of vectors: such a table has none."""


def convert(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="A folder or file of vectors, compressed or not.")
    ],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="What to write; the suffix chooses the format, and no suffix the native folder: "
            f"{', '.join(names.SUFFIXES)}.",
        ),
    ],
    source_format: Annotated[
        str | None,
        typer.Option(
            "--from",
            help=f"The format of IN: {', '.join(names.READ)}.",
            show_default="from its content",
        ),
    ] = None,
    target_format: Annotated[
        str | None,
        typer.Option(
            "--to",
            help=f"The format of OUT: {', '.join(names.WRITTEN)}. Or {_ATLAS}: a .parquet table of "
            "words with their places on a map and their neighbours.",
            show_default="from its suffix",
        ),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help="Type of the numbers in the native folder: float32, or float16 or int8 for half "
            "or a quarter of the size.",
            show_default="the same as IN",
        ),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Text encoding of the words in IN.")] = "utf-8",
    undecodable: Annotated[
        str,
        typer.Option(
            help="What to do with bytes that cannot be decoded: escape (write them as \\xe9), "
            "replace (by U+FFFD) or error (stop)."
        ),
    ] = "escape",
    duplicates: Annotated[
        str,
        typer.Option(
            help="What to do with a repeated word: error (stop) or first (keep the first)."
        ),
    ] = "error",
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Convert vectors from one format into another, with little memory.

    Reads and writes word2vec's text and binary formats, GloVe's text, fastText's
    .vec, .npy with words, Parquet, Arrow, the TensorBoard projector's TSV, the
    Hugging Face hub's layout and the native folder; also reads fastText's .bin.
    With --to atlas, writes the map that `skipgram explore` shows as a table for
    embedding-atlas.
    """
    import skipgram
    from skipgram.cli.views.steps import steps
    from skipgram.system.paths import nearest_folder, require_apart
    from skipgram.vectors.formats import native, writing
    from skipgram.vectors.formats.assembling import Duplicates, Undecodable
    from skipgram.vectors.rows import Precision

    is_atlas = target_format == _ATLAS
    to = _ATLAS if is_atlas else writing.format_for(target, target_format)
    if precision is not None and to != "native":
        raise SettingsError(f"--precision is for the native folder only; {to} has its own")
    if is_atlas:
        _require_table(target, overwrite=overwrite)
        require_apart([target], [source])
        if source_format in (None, "native") and (source / native.SETTINGS).is_file():
            _write_atlas(source, target, overwrite=overwrite, quiet=quiet)
            return
    else:
        require_apart(writing.files_of(target, to), [source])
        writing.require_place(target, to, overwrite=overwrite)
    with steps("reading", "words", quiet=quiet) as tell:
        vectors = skipgram.load(
            source,
            format=source_format,
            encoding=encoding,
            undecodable=cast(Undecodable, undecodable),
            duplicates=cast(Duplicates, duplicates),
            scratch=nearest_folder(target),
            observe=tell,
        )
    if is_atlas:
        _write_atlas(vectors, target, overwrite=overwrite, quiet=quiet)
        return
    if precision is not None:
        vectors = vectors.compact(cast(Precision, precision))
    with steps("writing", "words", quiet=quiet) as tell:
        vectors.export(target, format=to, overwrite=overwrite, observe=tell)
    if not quiet:
        told = f"wrote {len(vectors):,} words × {vectors.embedding_dim} numbers to {target} ({to})"
        note("; ".join([told, *_losses(vectors, to, encoding, undecodable)]))


def _require_table(target: Path, *, overwrite: bool) -> None:
    """Refuse a table that has another name than it is known by, or cannot have this one."""
    from skipgram.system.paths import require_free_file

    if target.suffix != ".parquet":
        raise SettingsError(
            f"a table for embedding-atlas is a Parquet file; {target} does not end in .parquet"
        )
    require_free_file(target, overwrite=overwrite)


def _write_atlas(
    vectors: "WordVectors | Path", target: Path, *, overwrite: bool, quiet: bool
) -> None:
    """The table that `skipgram explore` writes; a native folder keeps the map that is made."""
    import skipgram
    from skipgram.cli.views.progress import shell_view
    from skipgram.explorer.atlas import command_for

    with shell_view(quiet=quiet) as view:
        file = skipgram.explore(
            vectors, output=target, overwrite=overwrite, progress=False, observe=view.observe
        )
        view.say(f"{file} ({file.stat().st_size / 1e6:,.1f} MB): {command_for(file)}")


def _losses(vectors: "WordVectors", to: str, encoding: str, undecodable: str) -> list[str]:
    """What reading changed, and what the target's format does not keep."""
    from skipgram.vectors.subwords.spelling import Spelling

    read = vectors.about.get("read", {})
    told = {
        "undecodable_words": f"words are not {encoding} ({undecodable})",
        "duplicates_dropped": "duplicates dropped",
        "labels_dropped": "labels dropped, which have no vectors",
    }
    counts = read if isinstance(read, dict) else {}
    losses = [
        f"{counts[name]:,} {what}"
        for name, what in told.items()
        if type(counts.get(name)) is int and counts[name]
    ]
    if vectors.counts.any() and not names.FORMATS[to].has_counts:
        losses.append("counts are not kept")
    if to != "native":
        if vectors.subwords is not None:
            of = "n-grams" if isinstance(vectors.subwords, Spelling) else "subwords"
            losses.append(f"the vectors of {of}, for unknown words, are not kept")
        if vectors.outside is not None or vectors.spelled is not None:
            losses.append(f"only the {vectors.shown!r} matrix is written")
    return losses
