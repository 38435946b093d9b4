"""Calls on workers: each has its answer, in order, whatever happens to some of them."""

import threading
import time

import pytest
from distributed import get_worker

from skipgram.cluster.calls import MOST_TRIES, Calls, StuckError
from skipgram.errors import ClusterError, CorpusError

COUNT = threading.Lock(), []
"""Of calls, since the workers are threads of this process."""
ENDED = threading.Event()


@pytest.fixture(autouse=True)
def nothing_counted():
    COUNT[1].clear()
    ENDED.clear()


def counted() -> int:
    with COUNT[0]:
        COUNT[1].append(1)
        return len(COUNT[1])


def squared(number: int) -> int:
    counted()
    return number * number


def squared_late_at_first(number: int, gate: str) -> int:
    """The first call of all does not answer before another one has."""
    if counted() == 1:
        for _ in range(400):
            if len(COUNT[1]) > 1:
                break
            time.sleep(0.01)
        time.sleep(0.2)
    return number * number


def slow(number: int) -> None:
    time.sleep(1.0)
    ENDED.set()


def failing_at_first(number: int) -> int:
    if counted() <= number:
        raise OSError("the connection is gone")
    return number


def refusing() -> None:
    raise CorpusError("text.txt: it is not a text")


def broken() -> None:
    raise ZeroDivisionError("by zero")


def where() -> str:
    return str(get_worker().address)


def test_answers_come_in_the_order_of_the_calls(client):
    seen = []
    found = Calls(client).results(squared, [(n,) for n in range(20)], observe=seen.append)
    assert found == [n * n for n in range(20)]
    assert sorted(seen) == found
    assert Calls(client).results(squared, []) == []


def test_a_late_call_is_made_again_elsewhere_and_the_first_answer_counts(client):
    calls = Calls(client, deadline_seconds=0.3)
    assert calls.results(squared_late_at_first, [(7, "")]) == [49]
    assert len(COUNT[1]) == 2
    calls.end()


@pytest.mark.parametrize("times", [1, MOST_TRIES - 1])
def test_a_call_whose_worker_was_lost_is_made_again(client, times):
    assert Calls(client).results(failing_at_first, [(times,)]) == [times]
    assert len(COUNT[1]) == times + 1


def test_a_call_that_is_lost_again_and_again_is_an_error(client):
    with pytest.raises(ClusterError, match=f"no answer from {MOST_TRIES} workers"):
        Calls(client).results(failing_at_first, [(MOST_TRIES,)])


def test_an_error_of_ours_is_raised_as_it_is_and_any_other_with_its_type(client):
    with pytest.raises(CorpusError, match=r"text\.txt: it is not a text"):
        Calls(client).results(refusing, [()])
    with pytest.raises(ClusterError, match="a worker failed: ZeroDivisionError: by zero"):
        Calls(client).results(broken, [()])


def test_what_is_held_stays_on_its_worker_and_is_used_there(client):
    calls = Calls(client)
    held = calls.held(squared, [(3,), (4,)])
    assert calls.results(
        squared, [(future,) for future in held], near=list(calls.by_worker(held))[:1] * 2
    ) == [81, 256]


def test_a_late_call_on_what_a_worker_holds_says_that_it_is_stuck(client):
    calls = Calls(client, deadline_seconds=0.2)
    held = calls.held(squared, [(3,)])
    COUNT[1].clear()
    with pytest.raises(StuckError):
        calls.results(squared_late_at_first, [(held[0], "")], near=list(calls.by_worker(held)))
    counted()  # which lets it answer
    calls.end()


def test_the_end_waits_for_calls_that_were_left_to_write(client):
    calls = Calls(client, deadline_seconds=0.2)
    held = calls.held(squared, [(3,)])
    with pytest.raises(StuckError):
        calls.results(slow, [(held[0],)], near=list(calls.by_worker(held)))
    assert not ENDED.is_set()
    calls.end()
    assert ENDED.is_set()


def test_a_worker_that_was_not_heard_of_lately_gets_no_call(client, monkeypatch):
    calls = Calls(client)
    silent = sorted(calls.workers())[0]
    of = client.scheduler.identity

    async def identity(**options):
        found = await of(**options)
        found["workers"][silent]["last_seen"] -= 3600
        return found

    monkeypatch.setattr(client.scheduler, "identity", identity, raising=False)
    assert silent not in calls.workers()
    assert silent not in calls.results(where, [()] * 6)
