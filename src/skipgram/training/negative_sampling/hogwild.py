"""The fast mode: threads work on the same two matrices without locks.

Two threads that change one row at the same time may lose a change, but rarely
enough not to matter, and together may step too far, which stability.py prevents.
With one thread, runs repeat bit for bit.

Source: Niu, Recht, Ré and Wright 2011, "Hogwild!".
"""

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

from skipgram.settings import Settings
from skipgram.system.threads import ThreadPool, in_order
from skipgram.training.negative_sampling.stability import OtherThreads, is_bounded
from skipgram.training.negative_sampling.step import train_block
from skipgram.training.negative_sampling.task import Loss, Task, TrainingBlock, blocks
from skipgram.training.parameters import padded

MOST_BLOCK_TOKENS, LEAST_BLOCK_TOKENS = 1 << 15, 1 << 8
BLOCK_WORK = MOST_BLOCK_TOKENS * 5 * 112 * 6
"""What a thread takes at a time, in `Task.work_a_token`: some 10 ms."""


class Hogwild:
    """Hands out blocks in order, to any thread that is free."""

    def __init__(self, task: Task, threads: int, block_tokens: int | None = None) -> None:
        self._task = task
        self._threads = threads
        self._others = OtherThreads.of(task, threads)
        self._kernel = kernel_of(task.settings, self._others)
        # At least four blocks a thread, where there are tokens for it.
        share = -(-task.tokens // (4 * threads))
        fair = min(MOST_BLOCK_TOKENS, BLOCK_WORK // task.work_a_token, share)
        self.block_tokens = block_tokens or max(LEAST_BLOCK_TOKENS, fair)

    def train(
        self, pool: ThreadPool, epoch: int, done: int, may_continue: Callable[[], bool]
    ) -> Iterator[tuple[TrainingBlock, Loss]]:
        """Train an epoch block by block, after its first `done` tokens, while `may_continue()`."""
        todo = blocks(self._task.ranges, self.block_tokens, epoch, done)
        wanted = takewhile(lambda block: may_continue(), todo)
        yield from in_order(pool, self._train, wanted, ahead=2 * self._threads)

    def _train(self, block: TrainingBlock) -> Loss:
        task = self._task
        result = self._kernel(
            task.corpus.ids,
            task.line_ends,
            block.start,
            block.stop,
            task.parameters.V,
            task.parameters.U,
            task.draws(block.epoch),
            task.rates(block),
            self._others,
        )
        return Loss(*result)


def kernel_of(settings: Settings, others: OtherThreads | None = None) -> Any:
    """The compiled step for these settings and threads."""
    model = settings.model
    return train_block(
        padded(model.embedding_dim),
        model.negatives,
        negatives_shared=model.negatives_shared,
        is_bounded=is_bounded(settings, others),
    )
