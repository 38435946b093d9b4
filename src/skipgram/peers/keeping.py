"""The vectors of a comparison, kept on the disk: each training's as soon as it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from skipgram.peers.systems import Trained
from skipgram.vectors.formats import native


@dataclass(frozen=True)
class Keeping:
    """A folder with a folder of vectors for each training, such as DIR/skipgram-like-settings-1."""

    output: Path
    overwrite: bool = False

    def require_places(self, systems: Iterable[str], seeds: Iterable[int]) -> None:
        """Refuse what is taken, before anything is trained: OutputExistsError."""
        for seed in seeds:
            for system in systems:
                native.require_place(self._folder(system, seed), overwrite=self.overwrite)

    def keep(self, system: str, found: Trained) -> None:
        """Write the vectors of one training."""
        found.vectors.save(self._folder(system, found.seed), overwrite=self.overwrite)

    def _folder(self, system: str, seed: int) -> Path:
        return self.output / f"{system.lower().replace(',', '').replace(' ', '-')}-{seed}"
