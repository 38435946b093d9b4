"""The explorer's server at a port of its own, in a thread of the test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from skipgram.explorer import server
from skipgram.explorer.server import Address


@contextmanager
def served(vectors: Any, other: Any = None, **options: Any) -> Iterator[Address]:
    """Where the vectors are served meanwhile."""
    at, begun, failed = server.address(port=0), threading.Event(), []
    running: list[Any] = []
    of_uvicorn = server._Server

    class Kept(of_uvicorn):  # type: ignore[misc, valid-type]  # so that the test can end it
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            running.append(self)

    def serve() -> None:
        try:
            server.serve(vectors, other, at=at, on_start=begun.set, **options)
        except BaseException as error:
            failed.append(error)
            begun.set()

    server._Server = Kept  # type: ignore[misc]
    thread = threading.Thread(target=serve)
    try:
        thread.start()
        assert begun.wait(20)
        yield at
    finally:
        server._Server = of_uvicorn  # type: ignore[misc]
        for one in running:
            one.should_exit = True
        thread.join(20)
    assert not thread.is_alive()
    if failed:
        raise failed[0]


def exchanged(at: Address, sent: bytes, seconds: float = 5.0) -> bytes:
    """What the server sends back for some bytes, until it closes or has no more to say."""
    with socket.create_connection((at.host, at.port), timeout=seconds) as connection:
        received = b""
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(1 << 16):
                received += piece
        except OSError:  # it may have closed before all was sent
            pass
        return received
