"""Training on a cluster: whether it can be, and who then does what."""

import hashlib
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.errors import SettingsError
from skipgram.runs.workplace import Workplace
from skipgram.settings import AUTO, NEGATIVE_SAMPLING, SOFTMAX, SettingValues
from skipgram.settings.objectives import objective_of
from skipgram.training.events import ClusterJoined

DEADLINE_SECONDS = 60.0


@dataclass(frozen=True)
class ClusterOptions:
    """What a user says of a cluster; `where` is None without one."""

    where: Any = None
    storage: str | None = None
    deadline_seconds: float = DEADLINE_SECONDS
    unlike: bool = False

    def __post_init__(self) -> None:
        if not self.deadline_seconds > 0:
            raise SettingsError(
                f"cluster_deadline (--cluster-deadline) must be above 0, not "
                f"{self.deadline_seconds:g}"
            )
        if self.where is None and (self.storage is not None or self.unlike):
            option = "storage" if self.storage is not None else "unlike"
            raise SettingsError(
                f"cluster_{option} (--cluster-{option}) is for a cluster (--cluster), and "
                "none is named"
            )

    def objective(self, asked: SettingValues) -> SettingValues:
        """The settings with an objective that a cluster can train."""
        objective = objective_of(asked)
        if self.where is None or objective not in (AUTO, NEGATIVE_SAMPLING):
            return asked
        if objective == AUTO:
            return {**asked, "objective": SOFTMAX}
        raise SettingsError(
            "negative sampling is not trained on a cluster (--cluster): two cores do "
            "millions of words a second, and copies that are averaged lose quality. Train it on "
            "one machine, or choose objective softmax (--objective)"
        )


@contextmanager
def workplace(
    options: ClusterOptions, output: Path | None, observe: Any = lambda event: None
) -> Iterator[Workplace]:
    """Who does the work, until the end of the block."""
    if options.where is None:
        yield Workplace()
        return
    from skipgram.cluster.connecting import connected
    from skipgram.cluster.counting import count_on_cluster, memory_needed
    from skipgram.cluster.gradients import ClusterGradients
    from skipgram.cluster.memory import require_room
    from skipgram.cluster.reading import read_on

    with connected(
        options.where,
        options.storage,
        name=_name_for(output),
        deadline_seconds=options.deadline_seconds,
        unlike=options.unlike,
        observe=observe,
    ) as cluster:
        observe(ClusterJoined(*cluster.size, cluster.storage.url))

        def gradients_of(objective: Any, lots: int) -> ClusterGradients:
            return ClusterGradients(objective, cluster, lots)

        def count(corpus: Any, rule: Any, *, threads: int, **more: Any) -> Cooccurrence:
            workers, workers_threads, _ = cluster.size
            at_once = -(-workers_threads // max(workers, 1))
            require_room(
                cluster,
                memory_needed(corpus, rule) * at_once,
                "counts of pairs",
                "give the workers more memory, or one thread each",
            )
            return count_on_cluster(corpus, rule, cluster, **more)

        yield Workplace(count, gradients_of, read_on(cluster), is_here=False)


def _name_for(output: Path | None) -> str:
    """A name for the run's folder in the storage: a run that goes on finds the old one's and
    clears it.
    """
    if output is None:
        return ""
    place = f"{platform.node()} {output.absolute()}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]
