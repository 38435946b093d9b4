"""Where a run writes: found out before the work begins, so that its results can be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from skipgram.corpus.caching import cache_place
from skipgram.errors import OutputExistsError, SettingsError
from skipgram.files import (
    PathLike,
    as_paths,
    nearest_folder,
    remove_leftovers,
    require_apart,
    require_free,
)
from skipgram.training import checkpoint
from skipgram.vectors.formats import native, word2vec


@dataclass(frozen=True)
class Places:
    """The results of one training, and what lies beside them while it runs."""

    output: Path | None
    exports: tuple[Path, ...]
    cache: Path | None
    """the encoded corpus, DIR.corpus"""
    checkpoint: Path | None
    """DIR.checkpoint"""

    @classmethod
    def of(
        cls,
        output: PathLike | None,
        export: PathLike | Iterable[PathLike],
        *,
        caches: bool,
        has_checkpoints: bool,
    ) -> "Places":
        """The places of an output folder, and of exports.

        Raises
        ------
        SettingsError
            If something is to lie beside an output that is not there.

        """
        place = None if output is None else Path(output)
        if caches and place is None:
            raise SettingsError("a cache lies beside the output; give one, or leave cache away")
        return cls(
            place,
            tuple(as_paths(export)),
            cache_place(place) if caches and place is not None else None,
            place.with_name(f"{place.absolute().name}.checkpoint")
            if has_checkpoints and place is not None
            else None,
        )

    @property
    def scratch(self) -> Path | None:
        """Where large temporary files may lie."""
        return None if self.output is None else nearest_folder(self.output)

    def prepare(self, corpus: list[Path], *, overwrite: bool, resume: bool) -> None:
        """Clear away what a killed run left; refuse what could not be written, or would be lost.

        corpus: files that no result may replace. With `resume` and a checkpoint
        to go on from, the output may be replaced: the run that wrote it was
        allowed to.

        Raises
        ------
        OutputExistsError
            If something is there that may not be replaced.
        SettingsError
            If results would replace each other or the corpus.

        """
        results = [place for place in (self.output, self.cache, self.checkpoint) if place]
        require_apart([*results, *self.exports], corpus)
        for place in (*results, *self.exports):
            remove_leftovers(place)
        goes_on = resume and self.checkpoint is not None and checkpoint.exists(self.checkpoint)
        may_replace = overwrite or goes_on
        if self.output is not None:
            native.require_place(self.output, overwrite=may_replace)
        for file in self.exports:
            word2vec.writer_for(file)
            require_free(file, overwrite=may_replace)
        if self.checkpoint is not None:
            checkpoint.require_place(self.checkpoint)
            if checkpoint.exists(self.checkpoint) and not may_replace:
                raise OutputExistsError(
                    f"{self.checkpoint} keeps an interrupted training; go on with it (--resume), "
                    "or give it up (--overwrite)"
                )
