"""Work aside is done, or will never be, when its caller goes on."""

import threading
import time

import pytest

from skipgram.parallel import OrderedThreads


def test_work_in_order_is_given_back_in_its_order() -> None:
    for threads in (1, 2, 7):
        with OrderedThreads(threads) as work:
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
    begun, is_over = threading.Event(), False
    late: list[bool] = []

    def slow() -> None:
        begun.set()
        time.sleep(0.05)
        late.append(is_over)

    def leave(work: OrderedThreads) -> None:
        with work.aside() as aside:
            for _ in range(4):
                aside(slow)
            begun.wait(10)
            raise KeyboardInterrupt

    with OrderedThreads(2) as work:
        with pytest.raises(KeyboardInterrupt):
            leave(work)
        is_over = True
    assert late
    assert not any(late)
