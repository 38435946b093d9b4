"""Pure functions called on the workers of a cluster, as often as it takes.

A call that fails because its worker died, was restarted or lost its data is made again. If no call
ends within the deadline, those that are left are made once more on other workers, and the first
answer counts: both would be the same. So nothing is ever half done: only a function that raises,
or a cluster on which nothing works any more, ends it.
"""

import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from distributed import Client, Future, KilledWorker
from distributed.comm import CommClosedError
from distributed.utils import TimeoutError as DistributedTimeout

from skipgram.errors import ClusterError, SkipgramError
from skipgram.system.threads import in_background

SILENT_SECONDS = 6.0
"""A worker that was not heard of for so long, as others were, gets no call."""
MOST_TRIES = 6
"""Of a call that takes its worker down, or is late."""
_LOOK_SECONDS = 0.25
_SECONDS_TO_END = 10.0
_LOST = (KilledWorker, CancelledError, CommClosedError, DistributedTimeout, OSError)


class StuckError(Exception):
    """What the calls depend on cannot be had: it must be made again."""


@dataclass(eq=False)
class _Call:
    """One call, with all futures that may answer it."""

    arguments: tuple[Any, ...]
    futures: list[Future] = field(default_factory=list)
    tries: int = 0
    is_done: bool = False
    answer: Any = None


@dataclass(eq=False)
class Calls:
    """Calls functions on the workers of a client.

    deadline_seconds: after so long without an answer, calls are made again elsewhere; each time
    that this happens it is doubled for the calls in hand, so that slow ones end as well.
    """

    client: Client
    deadline_seconds: float = 60.0
    _left: set[str] = field(default_factory=set)
    """the keys of calls that nobody waits for any more, which may still be going on"""

    def results(
        self,
        function: Callable[..., Any],
        arguments: Sequence[tuple[Any, ...]],
        *,
        near: Sequence[str] = (),
        observe: Callable[[Any], None] = lambda answer: None,
    ) -> list[Any]:
        """What the function gives for each tuple of arguments, in their order.

        near: the address of a worker for each call, which has most of what the call needs. Then
        one that is late raises `StuckError`, as its arguments may be out of reach.
        """
        return self._settled(function, arguments, near, self._fetched, observe)

    def held(
        self, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]
    ) -> list[Future]:
        """The same, left on the workers."""
        return self._settled(function, arguments, (), lambda future: future, lambda answer: None)

    def end(self) -> None:
        """Wait a while for calls that nobody needs any more: they may still write.

        The scheduler forgets a call that is cancelled, but the worker that has begun it goes on.
        """
        until = time.monotonic() + _SECONDS_TO_END
        with suppress(Exception):  # a cluster that is gone has nothing in hand
            while self._left and (seconds := until - time.monotonic()) > 0:
                asked = partial(self.client.run, _running, workers=list(self.workers()))
                running = in_background(asked, "skipgram-asker").result(timeout=seconds)
                if not self._left & set().union(*running.values()):
                    return
                time.sleep(_LOOK_SECONDS)

    def by_worker(self, held: Sequence[Future]) -> dict[str, list[int]]:
        """Which of the held answers each worker has, by their numbers."""
        places = self.client.who_has(held)
        found: dict[str, list[int]] = {}
        for number, future in enumerate(held):
            if not (workers := places.get(future.key)):
                raise StuckError(f"{future.key} is lost")
            found.setdefault(min(workers), []).append(number)
        return found

    def on(self, worker: str, function: Callable[..., Any], *arguments: Any) -> Future:
        """What a function gives, left on a worker that has most of what it needs."""
        return self._submitted(function, arguments, [worker], only_there=False)

    def _submitted(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        workers: list[str] | None,
        *,
        only_there: bool,
    ) -> Future[Any]:
        others = {"allow_other_workers": True} if workers and not only_there else {}
        return self.client.submit(function, *arguments, pure=False, workers=workers, **others)

    def workers(self) -> dict[str, Any]:
        """What the scheduler knows of the workers that were heard of lately, by address."""
        self._require_scheduler()
        try:
            found = self.client.sync(self.client.scheduler.identity, n_workers=-1)["workers"]
        except (OSError, DistributedTimeout) as error:
            raise ClusterError(f"the scheduler does not answer: {error}") from error
        # By the scheduler's clock, which may be far from this machine's.
        now = max((about["last_seen"] for about in found.values()), default=0.0)
        return {
            address: about
            for address, about in found.items()
            if now - about["last_seen"] < SILENT_SECONDS
        }

    def _settled(
        self,
        function: Callable[..., Any],
        arguments: Sequence[tuple[Any, ...]],
        near: Sequence[str],
        taken: Callable[[Future], Any],
        observe: Callable[[Any], None],
    ) -> list[Any]:
        calls = [_Call(each) for each in arguments]
        try:
            return self._settle(function, calls, near, taken, observe)
        finally:
            for call in calls:
                for future in call.futures:  # of calls without an answer, after an error
                    self._leave(future)

    def _settle(
        self,
        function: Callable[..., Any],
        calls: list[_Call],
        near: Sequence[str],
        taken: Callable[[Future], Any],
        observe: Callable[[Any], None],
    ) -> list[Any]:
        ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        call_of: dict[str, _Call] = {}

        def submit(call: _Call, workers: list[str] | None) -> None:
            call.tries += 1
            future = self._submitted(function, call.arguments, workers, only_there=not near)
            call.futures.append(future)
            call_of[future.key] = call
            future.add_done_callback(ended.put)

        awake = [] if near else list(self.workers())
        for number, call in enumerate(calls):
            submit(call, [near[number]] if near else awake or None)
        deadline, last = self.deadline_seconds, time.monotonic()
        left = len(calls)
        while left:
            for future in self._ended(ended, calls):
                call = call_of[future.key]
                if call.is_done or future not in call.futures:
                    continue
                try:
                    call.answer = taken(self._require_sound(future))
                except _LOST as error:
                    call.futures.remove(future)
                    if near:
                        raise StuckError(str(error)) from error
                    self._require_tries(call, error)
                    submit(call, list(self.workers()) or None)
                    continue
                call.is_done = True
                for other in call.futures:
                    if other is not future:
                        self._leave(other)
                call.futures.clear()
                left -= 1
                observe(call.answer)
                last = time.monotonic()
            if left and time.monotonic() - last > deadline:
                if near:
                    raise StuckError("no answer")
                self._again([call for call in calls if not call.is_done], submit)
                deadline, last = 2 * deadline, time.monotonic()
        return [call.answer for call in calls]

    def _leave(self, future: Future) -> None:
        """Have nothing more to do with a call."""
        self._left.add(future.key)
        with suppress(Exception):  # the cluster may be gone
            future.cancel(force=True)

    def _ended(self, ended: "queue.SimpleQueue[Future]", calls: list[_Call]) -> list[Future]:
        """The futures that have ended since, for good or ill."""
        found = []
        try:
            found.append(ended.get(timeout=_LOOK_SECONDS))
            while True:
                found.append(ended.get_nowait())
        except queue.Empty:
            pass
        if not found:  # a future that is lost says nothing
            self._require_scheduler()
            found = [
                future
                for call in calls
                for future in call.futures
                if not call.is_done and future.status in ("lost", "cancelled")
            ]
        return found

    def _require_sound(self, future: Future) -> Future:
        """The future of an answer; raise what the function has raised."""
        if future.status == "finished":
            return future
        if future.status == "error":
            error = future.exception()
            if isinstance(error, (*_LOST, SkipgramError)):
                raise error
            raise ClusterError(f"a worker failed: {type(error).__name__}: {error}") from error
        raise CancelledError(future.status)

    def _fetched(self, future: Future) -> Any:
        answer = future.result(timeout=self.deadline_seconds)
        future.release()
        return answer

    def _again(self, late: list[_Call], submit: Callable[[_Call, list[str] | None], None]) -> None:
        """Make late calls once more, on workers that do not have them in hand already."""
        awake, processing = self.workers(), self.client.processing()
        for call in late:
            self._require_tries(call, None)
            keys = {future.key for future in call.futures}
            free = [
                address for address in awake if not keys.intersection(processing.get(address, ()))
            ]
            submit(call, free or list(awake) or None)

    def _require_scheduler(self) -> None:
        if self.client.status not in ("running", "connecting"):
            raise ClusterError(
                "the cluster's scheduler is gone; start it again, and continue the run (--resume)"
            )

    def _require_tries(self, call: _Call, error: Exception | None) -> None:
        if call.tries < MOST_TRIES:
            return
        if not self.workers():
            raise ClusterError(
                "no worker of the cluster is left; start some, and continue the run (--resume)"
            )
        if isinstance(error, KilledWorker):
            raise ClusterError(
                f"a call has taken its worker down {call.tries} times, for want of memory most "
                "likely: give the workers more, or raise the lots (--lots)"
            ) from error
        raise ClusterError(
            f"a call had no answer from {call.tries} workers, after "
            f"{self.deadline_seconds:g} seconds and longer (--cluster-deadline)"
        ) from error


def _running(dask_worker: Any) -> list[str]:
    """The keys of what the threads of a worker are busy with, cancelled calls among them."""
    return [str(task.key) for task in dask_worker.state.all_running_tasks]
