"""Where a run writes: found out before the work begins, so that its results can be written."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from skipgram.corpus.preparing import cache_place
from skipgram.errors import OutputExistsError, SettingsError
from skipgram.system.files import remove_leftovers
from skipgram.system.paths import (
    PathLike,
    as_paths,
    nearest_folder,
    require_apart,
    result_path,
)
from skipgram.training import checkpoint
from skipgram.vectors.formats import native, writing


@dataclass(frozen=True)
class Places:
    """The results of one training, and what lies beside them while it runs."""

    output: Path | None
    exports: tuple[Path, ...]
    cache: Path | None
    """the encoded corpus, DIR.corpus"""
    checkpoint: Path | None
    """DIR.checkpoint"""
    logs: tuple[Path, ...] = ()
    """what is written from the beginning"""

    @classmethod
    def of(
        cls,
        output: PathLike | None,
        export: PathLike | Iterable[PathLike],
        *,
        caches: bool,
        log: PathLike | None = None,
        tensorboard: PathLike | None = None,
    ) -> "Places":
        """The places of an output folder, of exports and of logs."""
        place = None if output is None else result_path(output)
        if caches and place is None:
            raise SettingsError("a cache lies beside the output; give one, or omit cache")
        return cls(
            place,
            tuple(map(result_path, as_paths(export))),
            cache_place(place) if caches and place is not None else None,
            None if place is None else place.with_name(f"{place.name}.checkpoint"),
            tuple(result_path(name) for name in (log, tensorboard) if name is not None),
        )

    @property
    def scratch(self) -> Path | None:
        """Where large temporary files may lie."""
        return None if self.output is None else nearest_folder(self.output)

    @property
    def has_checkpoint(self) -> bool:
        """Whether an interrupted training is there to go on with."""
        return self.checkpoint is not None and checkpoint.exists(self.checkpoint)

    @contextmanager
    def held(self, inputs: Sequence[Path], *, resume: bool, overwrite: bool) -> Iterator[bool]:
        """Prepare the places, and keep other trainings from the checkpoint while this one runs.

        inputs: files and folders that no result may replace or lie in.
        `overwrite` also gives up a checkpoint. Gives whether the training goes
        on from one, which it may where `resume` is asked for.
        """
        self._require_apart(inputs)
        if self.checkpoint is not None:
            checkpoint.require_place(self.checkpoint)
        with nullcontext() if self.checkpoint is None else checkpoint.held(self.checkpoint):
            # Only now: before, what is there may be another training's, which still writes.
            goes_on = resume and self.has_checkpoint
            self._prepare(overwrite=overwrite or goes_on)
            yield goes_on

    @property
    def _folders(self) -> list[Path]:
        return [place for place in (self.output, self.cache, self.checkpoint) if place]

    @property
    def _exported(self) -> list[Path]:
        """The exports, and what lies beside them."""
        return [part for file in self.exports for part in writing.files_of(file)]

    def _require_apart(self, inputs: Sequence[Path]) -> None:
        require_apart([*self._folders, *self._exported, *self.logs], inputs)
        _require_outside([*self.logs, *self._exported], self._folders)

    def _prepare(self, *, overwrite: bool) -> None:
        """Clear away what a killed run left; refuse what could not be written, or would be lost."""
        for place in (*self._folders, *self._exported):
            remove_leftovers(place)
        if self.has_checkpoint and not overwrite:
            raise OutputExistsError(
                f"{self.checkpoint} keeps an interrupted training; go on with it (--resume), "
                "or give it up (--overwrite)"
            )
        if self.output is not None:
            native.require_place(self.output, overwrite=overwrite)
        for file in self.exports:
            writing.require_place(file, overwrite=overwrite)


def _require_outside(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Refuse files in folders that are replaced as a whole, or hold nothing else."""
    for file in files:
        for folder in folders:
            if folder.resolve() in file.resolve().parents:
                raise SettingsError(
                    f"{file} lies in {folder}, which holds nothing but the run's own files; choose "
                    "another place"
                )
