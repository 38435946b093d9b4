"""`skipgram index`: what makes approximate search fast, saved beside the vectors."""

from typing import Annotated

from skipgram.cli.options import Folder, Quiet, whole_number
from skipgram.cli.views.invocation import command
from skipgram.cli.views.mouth import note
from skipgram.errors import SettingsError


def index(
    folder: Folder,
    connectivity: Annotated[
        int,
        whole_number(
            help="Links per word; more of them find more neighbours and take more memory."
        ),
    ] = 32,
    build_effort: Annotated[
        int,
        whole_number(
            help="Candidates considered while linking a word; more of them find more neighbours "
            "and take longer."
        ),
    ] = 128,
    search_effort: Annotated[
        int, whole_number(help="Candidates considered while answering a query; the same holds.")
    ] = 20,
    quiet: Quiet = False,
) -> None:
    """Build an index for approximate neighbours, and save it beside the vectors.

    `skipgram neighbors --approximate` and `most_similar(approximate=True)` use it.
    """
    import skipgram
    from skipgram.cli.views.steps import steps
    from skipgram.system.files import recovered
    from skipgram.vectors.approximate import ApproximateIndex
    from skipgram.vectors.formats.native import SETTINGS

    if not (recovered(folder) / SETTINGS).is_file():
        raise SettingsError(
            f"{folder} is not a native folder, the only format with an index; convert it first: "
            f"{command('convert', folder, 'DIR')}"
        )
    vectors = skipgram.load(folder)
    with steps("indexing", "words", quiet=quiet) as tell:
        built = ApproximateIndex.build(
            vectors.search,
            connectivity=connectivity,
            build_effort=build_effort,
            search_effort=search_effort,
            observe=tell,
        )
    built.save(folder)
    if not quiet:
        note(f"{len(vectors):,} words indexed in {folder}")
