"""A process that is asked to end first comes to a safe place; asked twice it ends at once."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from skipgram.system import signals
from skipgram.system.signals import endings_put_off

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX systems")

ENDINGS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])


class FollowedError(Exception):
    """What the usual handler of these tests does."""


@pytest.fixture(autouse=True)
def usual_handlers() -> Iterator[None]:
    def follow(number: int, frame: object) -> None:
        raise FollowedError(signal.Signals(number).name)

    before = {number: signal.signal(number, follow) for number in signals.ENDINGS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@ENDINGS
def test_the_first_signal_is_noted_and_the_work_goes_on(number: signal.Signals) -> None:
    with endings_put_off() as ending:
        assert ending.asked_by is None
        os.kill(os.getpid(), number)
        assert ending.asked_by is number


@ENDINGS
def test_an_interrupt_that_follows_is_impatience(number: signal.Signals) -> None:
    with endings_put_off() as ending:
        os.kill(os.getpid(), number)
        assert ending.asked_by is number
        with pytest.raises(FollowedError, match="SIGINT"):
            os.kill(os.getpid(), signal.SIGINT)


@ENDINGS
@pytest.mark.parametrize("later", [signal.SIGTERM, signal.SIGHUP])
def test_what_programs_send_twice_changes_nothing(
    number: signal.Signals, later: signal.Signals
) -> None:
    with endings_put_off() as ending:
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), later)
        assert ending.asked_by is number
    with pytest.raises(FollowedError, match=later.name):
        os.kill(os.getpid(), later)


@ENDINGS
def test_afterwards_signals_do_what_they_did(number: signal.Signals) -> None:
    with endings_put_off():
        pass
    with pytest.raises(FollowedError):
        os.kill(os.getpid(), number)


def test_signals_do_what_they_did_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), endings_put_off():
        raise ZeroDivisionError
    with pytest.raises(FollowedError):
        os.kill(os.getpid(), signal.SIGTERM)


@ENDINGS
def test_what_a_process_ignores_it_goes_on_to_ignore(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_IGN)
    with endings_put_off() as ending:
        os.kill(os.getpid(), number)
        assert ending.asked_by is None
    assert signal.getsignal(number) is signal.SIG_IGN


def test_in_another_thread_nothing_changes() -> None:
    handlers, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with endings_put_off() as ending:
            seen.append((ending.asked_by, signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(None, handlers)]
