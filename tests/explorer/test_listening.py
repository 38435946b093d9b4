"""Where the server listens: a free port of this machine, by names that are its own."""

import socket

import pytest

from skipgram.errors import SettingsError, SkipgramError
from skipgram.explorer import server
from skipgram.explorer.server import Address

for module in ("openTSNE", "starlette", "uvicorn"):
    pytest.importorskip(module)


def test_the_next_free_port_is_taken_where_one_is_in_use():
    first = server.address(port=0)
    with first.opened:
        second = server.address(port=first.port)
        with second.opened:
            assert first.port < second.port < first.port + 50
            assert second.url == f"http://127.0.0.1:{second.port}/"


def test_where_no_port_is_free_another_is_asked_for(monkeypatch):
    monkeypatch.setattr(server, "_PORTS_TRIED", 1)
    with server.address(port=0).opened as taken:
        port = taken.getsockname()[1]
        told = rf"no port from {port} to {port} is free; name another"
        with pytest.raises(SkipgramError, match=told):
            server.address(port=port)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_cannot_be_is_refused(port):
    with pytest.raises(SettingsError, match="from 0 to 65,535"):
        server.address(port=port)


def test_a_host_that_is_not_this_machines_is_one_line():
    with pytest.raises(SkipgramError, match=r"cannot listen at 192\.0\.2\.1, port 8321"):
        server.address("192.0.2.1")


def test_it_listens_on_loopback_only_unless_told_otherwise():
    with server.address(port=0).opened as opened:
        assert opened.getsockname()[0] == "127.0.0.1"


def test_where_it_listens_at_all_addresses_names_of_others_are_refused():
    at = Address(socket.socket(), "0.0.0.0", 80)
    at.opened.close()
    assert at.url == "http://127.0.0.1:80/"
    assert at.is_expected("192.168.1.2")
    assert at.is_expected("[fe80::1]:80")
    assert at.is_expected("localhost")
    assert at.is_expected(socket.gethostname())
    assert not at.is_expected("evil.com")
    assert not at.is_expected("192.168.1.2:81")
    assert not at.is_expected("999.1.1.1")
