"""A cluster in this process, for all tests of it, and what must be the same as without one."""

import uuid
from collections.abc import Iterator

import numpy as np
import pytest
from distributed import Client, LocalCluster
from fsspec.implementations.memory import MemoryFileSystem

from skipgram.cluster.connecting import Cluster, connected
from skipgram.corpus.cooccurrence.counts import Cooccurrence

WORKERS = 2


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of workers that are threads of this process."""
    with (
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            processes=False,
            dashboard_address="127.0.0.1:0",  # else all clusters of a machine want one port
            local_directory=str(tmp_path_factory.mktemp("workers")),
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def in_process_cluster(client: Client) -> Iterator[Cluster]:
    """The same, with a storage in memory."""
    with connected(client, f"memory://clusters/{uuid.uuid4().hex}") as cluster:
        yield cluster


def stored_files() -> list[str]:
    """What is in memory's storage now."""
    return sorted(MemoryFileSystem().find("/"))


def assert_same_counts(one: Cooccurrence, other: Cooccurrence) -> None:
    """To the bit."""
    assert one.options() == other.options()
    assert list(one.vocabulary) == list(other.vocabulary)
    for name in ("indptr", "indices", "data"):
        ours, theirs = getattr(one.matrix, name), getattr(other.matrix, name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
