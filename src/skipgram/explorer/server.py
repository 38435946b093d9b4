"""The page, served: for sets that are too large for one file, with neighbours from all rows.

It answers at once, with how far the map has come until that is there.
"""

import errno
import ipaddress
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from skipgram.errors import SettingsError, SkipgramError
from skipgram.explorer.columns import Table
from skipgram.explorer.data import likely_bytes, page_data
from skipgram.explorer.layout import ShownWords
from skipgram.explorer.page_file import page_pieces
from skipgram.explorer.places import EXTRA
from skipgram.explorer.preparing import given_sets, mapped_sets, title_of
from skipgram.explorer.progress import LayoutNote, LayoutProgress, Observer, unobserved
from skipgram.explorer.template import template
from skipgram.system.extras import requires
from skipgram.system.machine import give_back_memory
from skipgram.system.paths import PathLike, as_path
from skipgram.system.threads import in_background
from skipgram.vectors.formats.native import VECTORS
from skipgram.vectors.word_vectors import WordVectors

with requires(EXTRA, "serving the page needs starlette and uvicorn"):
    import uvicorn

    from skipgram.explorer.application import Prepared, Served, application

LOOPBACK, PORT = "127.0.0.1", 8_321
MOST_BYTES_WITH_ROWS = 20_000_000
"""A larger page leaves the rows to the server."""

_PORTS_TRIED = 50
_MOST_CONNECTIONS = 256
_LONGEST_HEAD_BYTES = 1 << 15
_SECONDS_KEPT_OPEN = 5
_SECONDS_BETWEEN_LOOKS = 1.0
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::([0-9]{1,5}))?")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


class Address(NamedTuple):
    """Where the server listens."""

    opened: socket.socket
    host: str
    port: int

    @property
    def url(self) -> str:
        """What a browser on this machine opens."""
        host = LOOPBACK if _is_anywhere(self.host) else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def is_expected(self, given: str) -> bool:
        """Whether a request that names this host means this server.

        Where it listens at all of the machine's addresses, each of them will do: a name of
        another site can be made to lead here, and an address cannot.
        """
        found = _HOST.fullmatch(given.lower())
        if not found or int(found[3] or 80) != self.port:
            return False
        name = found[1] or found[2]
        if _is_anywhere(self.host):
            return name in (*LOOPBACK_NAMES, socket.gethostname().lower()) or _is_address(name)
        return name == self.host or (self.host in LOOPBACK_NAMES and name in LOOPBACK_NAMES)


def address(host: str = LOOPBACK, port: int = PORT) -> Address:
    """The host's first free port from this one on; 0 for any."""
    if not 0 <= port < 1 << 16:
        raise SettingsError(f"port (--port) is from 0 to 65,535, not {port:,}")
    host = host.lower()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, min(port + _PORTS_TRIED, 1 << 16)) if port else (0,):
        opened = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere it lets two servers have one port
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, number))
            opened.listen()
        except OSError as error:
            opened.close()
            if error.errno == errno.EADDRINUSE and port:
                continue
            raise SkipgramError(
                f"cannot listen at {host}, port {number} (--host, --port): "
                f"{error.strerror or error}"
            ) from error
        return Address(opened, host, opened.getsockname()[1])
    raise SkipgramError(
        f"no port from {port} to {min(port + _PORTS_TRIED, 1 << 16) - 1} is free; name another "
        "(--port)"
    )


def serve(
    vectors: WordVectors | PathLike,
    other: WordVectors | PathLike | None = None,
    *,
    at: Address,
    first_words: int | None = None,
    colors: PathLike | Table | None = None,
    title: str | None = None,
    threads: int | None = None,
    on_start: Callable[[], object] = lambda: None,
    observe: Observer = unobserved,
) -> None:
    """Serve the page until the process is interrupted.

    Parameters
    ----------
    vectors, other, first_words, colors, title, threads
        As for `skipgram.explore`.
    at
        Where to listen; closed at the end.
    on_start
        Called once the server answers.
    observe
        Told how far the map has come, and what is to be noted.

    """
    paths = [as_path(given) for given in (vectors, other) if isinstance(given, str | os.PathLike)]
    is_replaced, begun = Watch(paths, observe), threading.Event()

    def report(event: LayoutProgress | LayoutNote) -> None:
        if isinstance(event, LayoutProgress):
            served.stage = f"{event.stage}: {event.done:,} of {event.total:,} {event.unit}"
        observe(event)

    def prepare() -> Prepared:
        begun.wait()
        prepared = made()
        give_back_memory()  # what the map and the page were made with
        return prepared

    def made() -> Prepared:
        sets = given_sets(vectors, other, first_words, report)
        mapped = mapped_sets(sets, colors=colors, threads=threads, observe=report)
        shown = [given.shown for given in sets]
        data = page_data(
            mapped,
            title or title_of(sets),
            is_served=True,
            with_rows=likely_bytes(shown) <= MOST_BYTES_WITH_ROWS,
        )
        page = b"".join(page_pieces(data))
        # Anew: without the lists of words, that the page holds now.
        served_sets = [ShownWords(of_set.vectors, of_set.first_words) for of_set in shown]
        for of_set in served_sets:  # so that the first who asks waits no longer than others
            of_set.nearest(of_set.unit(np.flatnonzero(of_set.has_direction)[:1]), 1)
        return Prepared(page, template().policy(is_served=True), served_sets)

    with at.opened:
        served = Served(in_background(prepare, "skipgram-preparing"), is_replaced)
        begun.set()
        server = _Server(served, at, on_start)
        served.prepared.add_done_callback(server.stop_if_failed)
        server.run(sockets=[at.opened])
    if served.prepared.done():
        served.prepared.result()


class _Server(uvicorn.Server):
    """Tells when it has started, and ends if there is nothing to serve."""

    def __init__(self, served: Served, at: Address, on_start: Callable[[], object]) -> None:
        super().__init__(
            uvicorn.Config(
                application(served, at.is_expected),
                http="h11",
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_keep_alive=_SECONDS_KEPT_OPEN,
                timeout_graceful_shutdown=1,
                h11_max_incomplete_event_size=_LONGEST_HEAD_BYTES,
            )
        )
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_start()

    def stop_if_failed(self, outcome: "Future[Prepared]") -> None:
        """End, if the page could not be made."""
        if outcome.exception() is not None:
            self.should_exit = True


class Watch:
    """Whether the files of vectors are still those that were there when it was made."""

    def __init__(self, paths: Sequence[Path], observe: Observer = unobserved) -> None:
        self._files = [path / VECTORS if path.is_dir() else path for path in paths]
        self._found = [_look(file) for file in self._files]
        self._observe = observe
        self._looked = -_SECONDS_BETWEEN_LOOKS
        self._told: str | None = None

    def __call__(self) -> str | None:
        """What to say if they are not."""
        now = time.monotonic()
        if self._told is None and now - self._looked >= _SECONDS_BETWEEN_LOOKS:
            self._looked = now
            for file, found in zip(self._files, self._found, strict=True):
                if _look(file) != found:
                    self._told = (
                        f"{file} was replaced since it was read; stop the explorer and start it "
                        "again"
                    )
                    self._observe(LayoutNote(self._told))
                    break
        return self._told


def _look(file: Path) -> tuple[int, ...] | None:
    with suppress(OSError):
        found = file.stat()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    return None


def _is_anywhere(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host).is_unspecified


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
