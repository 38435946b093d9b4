"""Clusters that cannot be used are refused: with what was found, and what to do."""

import socket
import uuid

import numpy as np
import pytest
from distributed import Client, LocalCluster

from helpers.clusters import stored_files
from skipgram.cluster import connecting
from skipgram.cluster.alike import kind_of_machine, require_alike
from skipgram.cluster.connecting import connected
from skipgram.cluster.storage import Storage
from skipgram.errors import ClusterError, SettingsError

URL = "memory://elsewhere"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("where", "storage", "what"),
    [
        ("host", URL, "'host' is no address: give local:4 for four processes of this machine"),
        ("local:0", URL, "'local:0' is no address"),
        (8786, URL, "must be an address, 'local:N' or a distributed.Client, not int"),
        ("tcp://127.0.0.1:1", None, "cluster_storage, such as s3://bucket/folder"),
    ],
)
def test_what_is_no_cluster_is_refused_at_once(where, storage, what):
    with pytest.raises(SettingsError, match=what.replace("(", r"\(")), connected(where, storage):
        pass


def test_an_address_where_nobody_listens_is_an_error_that_says_how_to_start_one(monkeypatch):
    monkeypatch.setattr(connecting, "CONNECTION_SECONDS", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    with (
        pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address}: start one"),
        connected(address, URL),
    ):
        pass


def test_a_scheduler_without_workers_is_waited_for_and_then_an_error(monkeypatch):
    monkeypatch.setattr(connecting, "WORKER_SECONDS", 0.3)
    told = []
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address="127.0.0.1:0") as empty,
        Client(empty, set_as_default=False) as client,
        pytest.raises(ClusterError, match=r"has had no worker for 0\.3 seconds: start some"),
        connected(client, URL, observe=told.append),
    ):
        pass
    assert [type(event).__name__ for event in told] == ["ClusterWaiting"]


def test_a_storage_is_asked_for_where_workers_are_on_other_machines(client):
    with (
        pytest.raises(SettingsError, match="needs a folder that all of them see"),
        connected(client),
    ):
        pass


def test_a_storage_that_cannot_be_written_is_an_error_that_names_it(client, monkeypatch):
    monkeypatch.setattr("skipgram.cluster.storage.WAITS", ())
    url = "file:///proc/nowhere"
    match = f"{url}.* cannot be .*: .*cluster_storage"
    with pytest.raises(ClusterError, match=match), connected(client, url):
        pass


def test_a_storage_that_a_worker_does_not_see_is_an_error_that_names_the_worker(
    client, monkeypatch
):
    monkeypatch.setattr("skipgram.cluster.storage.WAITS", ())
    before = stored_files()

    def unseen(storage, written):
        return type(written)(f"{written.url}-unseen", written.dtype, written.shape).read()

    monkeypatch.setattr(connecting, "_answer", unseen)
    match, url = r"the worker inproc://.*: .*cannot be read", f"memory://{uuid.uuid4().hex}"
    with pytest.raises(ClusterError, match=match), connected(client, url):
        pass
    assert stored_files() == before


def test_workers_that_differ_are_refused_unless_that_is_allowed():
    ours = kind_of_machine()
    other = {**ours, "processor": "x86_64 older"}
    both = {"the driver": ours, "tcp://b": other}
    with pytest.raises(
        ClusterError, match=r"the driver and tcp://b differ in processor: .*allow it"
    ):
        require_alike(both, unlike=False)
    require_alike(both, unlike=True)
    require_alike({"the driver": ours, "tcp://b": dict(ours)}, unlike=False)


def test_another_version_of_skipgram_is_always_refused():
    ours = kind_of_machine()
    both = {"the driver": ours, "tcp://b": {**ours, "skipgram": "9.9"}}
    for unlike in (False, True):
        with pytest.raises(ClusterError, match=r"differ in skipgram: .*install the same version"):
            require_alike(both, unlike=unlike)


def test_nothing_is_left_in_the_storage_after_an_error_inside(client):
    before = stored_files()

    def fail() -> None:
        with connected(client, f"memory://{uuid.uuid4().hex}") as on:
            on.storage.write(np.arange(9))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert stored_files() == before


def test_what_a_killed_driver_has_left_is_cleared_by_the_next_one_of_that_name(client):
    url = f"memory://{uuid.uuid4().hex}"
    left = Storage(f"{url}/skipgram-name")
    left.create()
    left.write(np.arange(9))
    with connected(client, url, name="name") as on:
        assert on.storage == left
    assert not [name for name in stored_files() if url.removeprefix("memory:/") in name]
