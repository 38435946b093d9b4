"""A cluster to compute on: this machine's processes, a scheduler's workers, or a client's."""

import re
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skipgram.cluster.alike import kind_of_machine, require_alike
from skipgram.cluster.storage import Storage
from skipgram.errors import ClusterError, SettingsError
from skipgram.system.extras import requires
from skipgram.training.events import ClusterWaiting, StorageLeft

with requires("skipgram[cluster]", "a cluster needs Dask"):
    from distributed import Client, LocalCluster

    from skipgram.cluster.calls import Calls

CONNECTION_SECONDS, WORKER_SECONDS = 15.0, 60.0
"""How long a scheduler, and then its first worker, is waited for."""
Observer = Callable[[ClusterWaiting | StorageLeft], None]
_LOCAL = re.compile(r"local:([1-9][0-9]{0,3})")


@dataclass(frozen=True, eq=False)
class Cluster:
    """Workers, and a storage that they and the driver see."""

    calls: Calls
    storage: Storage

    @property
    def workers(self) -> int:
        """How many there are now."""
        return len(self.calls.workers())

    @property
    def size(self) -> tuple[int, int, int]:
        """Workers, their threads, and the memory of the smallest one in bytes; 0 if unknown."""
        found = list(self.calls.workers().values())
        memory = min((about.get("memory_limit") or 0 for about in found), default=0)
        return len(found), sum(about.get("nthreads", 1) for about in found), memory


@contextmanager
def connected(
    where: Any,
    storage: str | None = None,
    *,
    name: str = "",
    deadline_seconds: float = 60.0,
    unlike: bool = False,
    observe: Observer = lambda event: None,
) -> Iterator[Cluster]:
    """A cluster, until the end of the block; nothing is left of it then.

    Parameters
    ----------
    where
        "local:4" for four processes of this machine, a scheduler's address, or a
        `distributed.Client`, which is left open.
    storage
        An fsspec URL; this machine's own workers have a temporary folder without it.
    name
        Of the folder in the storage, so that what a killed driver has left there is cleared by the
        next one; by default nobody else has it.
    deadline_seconds
        After so long without an answer, a call is made again elsewhere.
    unlike
        Whether workers may differ in what the last digits depend on.
    observe
        Called with what a person should know.

    """
    with ExitStack() as stack:
        url = storage or _own_storage(where, stack)
        own = Storage(f"{url.rstrip('/')}/skipgram-{name or uuid.uuid4().hex}")
        stack.callback(_clear, own, observe)  # once this machine's own workers are gone
        client = _client(where, stack)
        _require_workers(client, where, observe)
        own.create()
        kinds = {"the driver": kind_of_machine(), **client.run(kind_of_machine)}
        require_alike(kinds, unlike=unlike)
        _require_shared(client, own)
        calls = Calls(client, deadline_seconds)
        stack.callback(calls.end)
        yield Cluster(calls, own)


def _client(where: Any, stack: ExitStack) -> Client:
    if isinstance(where, Client):
        return where
    if not isinstance(where, str):
        raise SettingsError(
            f"cluster must be an address, 'local:N' or a distributed.Client, not "
            f"{type(where).__name__}"
        )
    if local := _LOCAL.fullmatch(where):
        cluster = LocalCluster(
            n_workers=int(local[1]),
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # else all clusters of a machine want one port
            silence_logs=50,
        )
        stack.enter_context(cluster)
        return stack.enter_context(Client(cluster, set_as_default=False))
    if "://" not in where:
        raise SettingsError(
            f"cluster {where!r} is no address: give local:4 for four processes of this machine, or "
            "a Dask scheduler's, such as tcp://host:8786"
        )
    try:
        client = Client(where, timeout=CONNECTION_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {where}: start one there (dask scheduler), or check the "
            f"address and the firewall ({error})"
        ) from error
    return stack.enter_context(client)


def _clear(storage: Storage, observe: Observer) -> None:
    """What is left must not cost a run its result."""
    try:
        storage.clear()
    except ClusterError as error:
        observe(StorageLeft(storage.url, str(error)))


def _require_workers(client: Client, where: Any, observe: Observer) -> None:
    if not client.nthreads():
        observe(ClusterWaiting(WORKER_SECONDS))
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError as error:
        raise ClusterError(
            f"the scheduler at {where} has had no worker for {WORKER_SECONDS:g} seconds: start "
            f"some (dask worker {client.scheduler.address})"
        ) from error


def _own_storage(where: Any, stack: ExitStack) -> str:
    if isinstance(where, str) and _LOCAL.fullmatch(where):
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="skipgram-cluster-"))
        return Path(folder).as_uri()
    raise SettingsError(
        "a cluster of other machines needs a folder that all of them see: cluster_storage "
        "(--cluster-storage), such as s3://bucket/folder or file:///shared/folder"
    )


def _require_shared(client: Client, storage: Storage) -> None:
    """Refuse a storage that a worker does not see, or that does not see what a worker writes."""
    import numpy as np

    written = storage.write(np.arange(3))
    replies = client.run(_answer, storage, written, on_error="return")
    for worker, reply in replies.items():
        if isinstance(reply, Exception):
            raise ClusterError(f"the worker {worker}: {reply}") from reply
        if reply.read().tolist() != [0, 1, 2]:
            raise ClusterError(f"{storage.url} is another folder for the worker {worker}")
        storage.remove(reply)
    storage.remove(written)


def _answer(storage: Storage, written: Any) -> Any:
    """What a worker writes of what it reads."""
    return storage.write(written.read())
