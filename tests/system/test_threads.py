"""Work for several threads is done once, or never, when its caller goes on."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from skipgram.errors import SkipgramError
from skipgram.system import threads
from skipgram.system.threads import OrderedThreads, side_by_side, thread_pool


def test_work_in_order_is_given_back_in_its_order() -> None:
    for number_of_threads in (1, 2, 7):
        with OrderedThreads(number_of_threads) as work:
            found = list(work.map(lambda number: number * number, range(50)))
        assert found == [(number, number * number) for number in range(50)]


@pytest.mark.parametrize("threads", [1, 2])
def test_all_work_aside_is_done_when_its_block_ends(threads: int) -> None:
    done: list[int] = []
    with OrderedThreads(threads) as work, work.aside() as aside:
        for number in range(50):
            aside(done.append, number)
    assert sorted(done) == list(range(50))


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_of_work_aside_is_raised(threads: int) -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    with (
        OrderedThreads(threads) as work,
        pytest.raises(OSError, match="the disk is full"),
        work.aside() as aside,
    ):
        aside(fail)


def test_no_work_aside_goes_on_after_the_caller_left_by_an_error() -> None:
    begun, is_over = threading.Event(), threading.Event()
    late: list[bool] = []

    def slow() -> None:
        begun.set()
        late.append(is_over.wait(0.05))

    def leave(work: OrderedThreads) -> None:
        with work.aside() as aside:
            for _ in range(4):
                aside(slow)
            begun.wait(10)
            raise KeyboardInterrupt

    with OrderedThreads(2) as work:
        with pytest.raises(KeyboardInterrupt):
            leave(work)
        is_over.set()
    assert late
    assert not any(late)


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_each_item_is_worked_on_once_side_by_side(threads):
    done = []
    side_by_side(done.append, range(1000), threads)
    assert sorted(done) == list(range(1000))


def test_the_caller_does_not_wait_for_threads_that_have_not_begun(monkeypatch):
    with ThreadPoolExecutor(1) as busy:
        release = threading.Event()
        busy.submit(release.wait, 30)
        monkeypatch.setattr(threads, "_helpers", lambda: busy)
        done = []
        side_by_side(done.append, range(10), 3)
        assert done == list(range(10))
        release.set()


@pytest.mark.parametrize("caller_meets_it", [True, False])
def test_an_error_side_by_side_reaches_the_caller_and_nothing_more_is_begun(caller_meets_it):
    caller, both_are_here = threading.current_thread(), threading.Barrier(2)
    begun = []

    def work(item):
        begun.append(item)
        if len(begun) <= 2:
            both_are_here.wait(10)
            if (threading.current_thread() is caller) is caller_meets_it:
                raise ZeroDivisionError(item)
        else:
            time.sleep(0.01)

    with pytest.raises(ZeroDivisionError):
        side_by_side(work, range(1000), 2)
    assert len(begun) < 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX only")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_works_side_by_side_too():
    side_by_side(int, range(10), 2)  # the parent has its threads
    child = os.fork()
    if child == 0:
        done: list[int] = []
        side_by_side(done.append, range(100), 2)
        os._exit(len(done) != 100)
    assert os.waitpid(child, 0)[1] == 0


# What is dropped


def test_a_generator_that_is_dropped_does_not_wait_for_the_end_of_its_threads() -> None:
    """The collector drops it anywhere, even where the end of a thread would wait for the caller."""
    release = threading.Event()

    def numbers() -> Iterator[int]:
        with OrderedThreads(2) as work, thread_pool(1, "busy") as pool:
            pool.submit(release.wait, 30)
            yield from (found for _, found in work.map(abs, range(9)))

    dropped = numbers()
    assert next(dropped) == 0
    began = time.monotonic()
    del dropped
    assert time.monotonic() - began < 10
    release.set()


def test_a_generator_may_be_dropped_by_one_of_its_own_threads() -> None:
    held: list[Iterator[object]] = []
    may_drop, is_dropped = threading.Event(), threading.Event()

    def drop(number: int) -> None:
        if number:
            may_drop.wait(30)
            held.clear()
            is_dropped.set()

    def results() -> Iterator[object]:
        with OrderedThreads(2) as work:
            yield from work.map(drop, range(2))

    held.append(results())
    next(held[0])
    may_drop.set()
    assert is_dropped.wait(30)


def test_nothing_is_at_work_once_work_in_order_is_closed() -> None:
    begun, ended = [], []

    def slow(number: int) -> None:
        begun.append(number)
        time.sleep(0.01)
        ended.append(number)

    with OrderedThreads(3) as work:
        results = work.map(slow, range(50))
        next(results)
        results.close()
        assert sorted(begun) == sorted(ended)
        assert len(begun) < 50


class FewThreads:
    """A system that gives so many threads at a time, and no more."""

    def __init__(self, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.running, start = 0, threading.Thread.start

        def begin(thread: threading.Thread) -> None:
            if self.running == most:
                raise RuntimeError("can't start new thread")
            self.running += 1
            run = thread.run

            def counted() -> None:
                try:
                    run()
                finally:
                    self.running -= 1

            thread.run = counted  # type: ignore[method-assign]
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", begin)
        threads._helpers.cache_clear()
        monkeypatch.setattr(threads, "usable_threads", lambda: 8)


@pytest.fixture
def _no_helpers() -> Iterator[None]:
    yield
    threads._helpers.cache_clear()


@pytest.mark.usefixtures("_no_helpers")
@pytest.mark.parametrize("most", [0, 1, 3])
def test_work_goes_on_with_as_many_threads_as_the_system_gives(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = FewThreads(most, monkeypatch)
    with OrderedThreads(8) as work:
        assert system.running == most
        assert [found for _, found in work.map(abs, range(-50, 0))] == list(range(50, 0, -1))
    done: list[int] = []
    with OrderedThreads(8) as work, work.aside() as aside:
        for number in range(50):
            aside(done.append, number)
    assert sorted(done) == list(range(50))
    side_by_side(done.append, range(50, 99), 8)
    assert sorted(done) == list(range(99))
    if pool := threads._helpers():
        pool.shutdown()
    assert system.running == 0


def test_a_pool_that_gets_no_thread_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    FewThreads(0, monkeypatch)
    with pytest.raises(SkipgramError, match=r"^no thread can be started: .*; raise it$"):
        thread_pool(4, "name")


def test_a_pool_has_fewer_threads_where_memory_for_more_is_not_to_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rooms = iter([True, True, False, True, True])
    monkeypatch.setattr(threads, "has_room_for_threads", lambda count: next(rooms))
    with thread_pool(4, "counted") as pool:
        begun = [thread for thread in threading.enumerate() if thread.name.startswith("counted")]
        assert len(begun) == 2
        assert list(pool.map(abs, [-1, -2, -3])) == [1, 2, 3]
