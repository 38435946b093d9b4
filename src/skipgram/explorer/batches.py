"""Questions that come while others are being answered wait, and are then answered together.

A search reads all rows, for several questions as for one. So one thread searches at a time,
for all who wait, and the other processors are left to the answers.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

MOST_WAITING = 1_000
MOST_AT_ONCE = 256


class BusyError(Exception):
    """Too many wait already."""


class Batches(Generic[Asked, Answer]):
    """Answers questions, those on one subject together; used in one event loop.

    answer: gives the answers to questions on a subject, in their order. It is called in
    a thread, one call at a time.
    """

    def __init__(self, answer: Callable[[int, Sequence[Asked]], Sequence[Answer]]) -> None:
        self._answer = answer
        self._waiting: list[tuple[int, Asked, asyncio.Future[Answer]]] = []
        self._thread = ThreadPoolExecutor(1, "skipgram-answers")
        self._task: asyncio.Task[None] | None = None

    async def ask(self, subject: int, asked: Asked) -> Answer:
        """The answer, or the error that answering raised."""
        if len(self._waiting) >= MOST_WAITING:
            raise BusyError
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((subject, asked, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer_all())
        return await future

    async def _answer_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            taken, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            by_subject = defaultdict(list)
            for subject, asked, future in taken:
                if not future.done():  # who asked may have left
                    by_subject[subject].append((asked, future))
            for subject, some in by_subject.items():
                questions = [asked for asked, _ in some]
                try:
                    answers = await loop.run_in_executor(
                        self._thread, self._answer, subject, questions
                    )
                except Exception as error:  # raised where the answer is waited for
                    for _, future in some:
                        if not future.done():
                            future.set_exception(error)
                    continue
                for (_, future), answer in zip(some, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)
