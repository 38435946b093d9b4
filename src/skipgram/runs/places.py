"""Where a run writes, checked before the work begins so that its results can be written."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from skipgram.corpus.preparing import cache_place
from skipgram.errors import OutputExistsError, SettingsError
from skipgram.system.files import remove_leftovers
from skipgram.system.paths import PathLike, as_paths, nearest_folder, require_apart, result_path
from skipgram.training import checkpoint
from skipgram.vectors.formats import native, writing


@dataclass(frozen=True)
class Places:
    """The results of a training, and the files beside them while it runs."""

    output: Path | None
    exports: tuple[Path, ...]
    cache: Path | None
    """the encoded corpus, DIR.corpus"""
    checkpoint: Path | None
    """DIR.checkpoint"""
    logs: tuple[Path, ...] = ()
    """written from the start of the run"""

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
        """From the names of an output folder, of exports and of logs."""
        place = None if output is None else result_path(output)
        if caches and place is None:
            raise SettingsError(
                "the cache is kept beside the output; name an output, or omit cache"
            )
        return cls(
            place,
            tuple(map(result_path, as_paths(export))),
            cache_place(place) if caches and place is not None else None,
            None if place is None else place.with_name(f"{place.name}.checkpoint"),
            tuple(result_path(name) for name in (log, tensorboard) if name is not None),
        )

    @property
    def scratch(self) -> Path | None:
        """Where large temporary files may go."""
        return None if self.output is None else nearest_folder(self.output)

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is an interrupted training to continue."""
        return self.checkpoint is not None and checkpoint.exists(self.checkpoint)

    @contextmanager
    def held(self, inputs: Sequence[Path], *, resume: bool, overwrite: bool) -> Iterator[bool]:
        """Prepare the places, and keep other trainings from the checkpoint while this one runs.

        inputs: files and folders that no result may replace or be written into.
        `overwrite` also discards a checkpoint. Yields whether the training
        continues from one, which `resume` allows.
        """
        require_apart([*self._folders, *self._exported, *self.logs], inputs)
        folders = [*self._folders, *filter(writing.is_folder, self.exports)]
        outputs = () if self.output is None else (self.output,)
        _require_outside([*self.logs, *self._exported, *outputs], folders)
        if self.checkpoint is not None:
            checkpoint.require_place(self.checkpoint)
        with nullcontext() if self.checkpoint is None else checkpoint.held(self.checkpoint):
            # Not before: until then another training may still be writing its checkpoint.
            resumes = resume and self.has_checkpoint
            self._prepare(overwrite=overwrite or resumes)
            yield resumes

    @property
    def _folders(self) -> list[Path]:
        return [place for place in (self.output, self.cache, self.checkpoint) if place]

    @property
    def _exported(self) -> list[Path]:
        """The exports, and the files that belong to them."""
        return [part for file in self.exports for part in writing.files_of(file)]

    def _prepare(self, *, overwrite: bool) -> None:
        """Remove what killed runs left; refuse what cannot be written or would replace a file."""
        for place in (*self._folders, *self._exported):
            remove_leftovers(place)
        if self.has_checkpoint and not overwrite:
            raise OutputExistsError(
                f"{self.checkpoint} holds an interrupted training; continue it (--resume), or "
                "discard it (--overwrite)"
            )
        if self.output is not None:
            native.require_place(self.output, overwrite=overwrite)
        for file in self.exports:
            writing.require_place(file, overwrite=overwrite)


def _require_outside(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Refuse files in folders that the run replaces as a whole."""
    for file in files:
        for folder in folders:
            if folder.resolve() in file.resolve().parents:
                raise SettingsError(
                    f"{file} is in {folder}, which is for the run's own files only; choose another "
                    "place"
                )
