"""Work handed to threads: with results in its order, or in any order side by side."""

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, Self, TypeVar

from skipgram.errors import SkipgramError
from skipgram.system.machine import has_room_for_threads, usable_threads

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


_LEFT = 3
"""Threads that a process can do without leave room for those it cannot do without."""


class ThreadPool(ThreadPoolExecutor):
    """Threads that are not waited for where a generator that holds them is dropped.

    The garbage collector may drop it anywhere: in one of these threads, or in a thread that holds
    the lock that their end takes.
    """

    def __init__(self, threads: int, name: str) -> None:
        own = threading.local()
        super().__init__(threads, name, initializer=lambda: setattr(own, "is_here", True))
        self._own = own

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        is_dropped = kind is not None and issubclass(kind, GeneratorExit)
        self.shutdown(wait=not is_dropped, cancel_futures=True)

    def has_called(self) -> bool:
        """Whether the caller is one of these threads."""
        return hasattr(self._own, "is_here")


def thread_pool(threads: int, name: str) -> ThreadPool:
    """A pool whose threads have all begun; fewer of them if the system gives no more."""
    if pool := _begun_pool(threads, name, room=1):
        return pool
    raise SkipgramError(
        "no thread can be started: the process has reached its limit of memory (ulimit -v, -d) or "
        "of threads (ulimit -u); raise it"
    )


def _begun_pool(threads: int, name: str, *, room: int = _LEFT) -> ThreadPool | None:
    """As many threads as leave room for `room`, themselves included; None if none does.

    Threads that would begin when there is work may find no room then: the work would wait.
    """
    while threads > 0:
        pool, may_go = ThreadPool(threads, name), threading.Event()
        begun = 0
        with suppress(RuntimeError):  # can't start new thread
            while begun < threads and has_room_for_threads(room + begun):
                pool.submit(may_go.wait)
                begun += 1
        may_go.set()
        if begun == threads:
            return pool
        pool.shutdown()
        threads = begun
    return None


def mapped(
    pool: Executor | None, work: Callable[[_Item], _Result], items: Iterable[_Item]
) -> list[_Result]:
    """The results of work on each item, by the pool's threads or, without a pool, the caller."""
    return list(map(work, items) if pool is None else pool.map(work, items))


def in_order(
    pool: ThreadPool,
    work: Callable[[_Item], _Result],
    items: Iterable[_Item],
    ahead: int,
) -> Generator[tuple[_Item, _Result]]:
    """`pool.map` with its items, begun in order, at most `ahead` of them unfinished.

    Nothing is at work once the iterator is closed.
    """
    waiting: deque[tuple[_Item, Future[_Result]]] = deque()
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) == ahead:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        begun = [future for _, future in waiting if not future.cancel()]
        if not pool.has_called():  # a thread would wait for its own work
            wait(begun)


def side_by_side(work: Callable[[_Item], object], items: Iterable[_Item], threads: int) -> None:
    """Work done once for each item, in no order, by the caller and by threads that are free.

    The caller takes items too, and does not wait for threads that have not begun: if other work
    keeps the cores busy, or after a fork, it does all of them itself. After an error, or an
    interrupt of the caller, nothing more is begun.
    """
    lock, waiting, is_over = threading.Lock(), iter(items), threading.Event()

    def take() -> None:
        try:
            while not is_over.is_set():
                with lock:
                    try:
                        item = next(waiting)
                    except StopIteration:
                        return
                work(item)
        except BaseException:
            is_over.set()
            raise

    pool = _helpers() if threads > 1 else None
    helpers = [] if pool is None else [pool.submit(take) for _ in range(threads - 1)]
    try:
        take()
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        wait(begun)
    for helper in begun:
        helper.result()


def in_background(work: Callable[[], _Result], name: str) -> "Future[_Result]":
    """Begin some work in a thread that does not keep the process alive when it fails elsewhere."""
    outcome: Future[_Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # raised where the result is asked for
            outcome.set_exception(error)

    try:
        threading.Thread(target=run, name=name, daemon=True).start()
    except RuntimeError:  # the system gives no thread
        run()
    return outcome


@lru_cache
def _helpers() -> ThreadPool | None:
    return _begun_pool(usable_threads(), "skipgram-helper")


if hasattr(os, "register_at_fork"):  # a child has none of its parent's threads
    os.register_at_fork(after_in_child=_helpers.cache_clear)


class OrderedThreads:
    """Threads that take work in its order; with one, the caller does it, so that one means one.

    The caller does it as well where the system gives no threads.
    """

    def __init__(self, threads: int) -> None:
        self._ahead = 2 * threads
        self._pool = _begun_pool(threads, "skipgram-reader") if threads > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self._pool is not None:
            self._pool.__exit__(kind, *error)

    def map(
        self, work: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Generator[tuple[_Item, _Result]]:
        """Each item with what became of it."""
        if self._pool is None:
            return ((item, work(item)) for item in items)
        return in_order(self._pool, work, items, self._ahead)

    @contextmanager
    def aside(self) -> Iterator[Callable[..., None]]:
        """A function that has things done in any order, while the caller goes on.

        It waits while too much is left to do. An error is raised by a later call, or at the end.
        Nothing more is started once the caller has left, normally or by an error.
        """
        if self._pool is None:
            yield lambda work, *arguments: work(*arguments)
            return
        waiting: deque[Future[None]] = deque()
        pool = self._pool

        def aside(work: Callable[..., None], *arguments: Any) -> None:
            if len(waiting) == self._ahead:
                waiting.popleft().result()
            waiting.append(pool.submit(work, *arguments))

        try:
            yield aside
            while waiting:
                waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            wait(waiting)
