"""What a training holds in memory, known before it begins."""

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.settings.objectives import is_exact
from skipgram.system.machine import available_memory_bytes
from skipgram.training.exact.estimate import exact_memory_bytes, spelling_memory_bytes
from skipgram.training.negative_sampling.trainer import memory_bytes


def require_memory(
    corpus: EncodedCorpus, settings: Settings, *, lots_are_here: bool = True
) -> None:
    """Refuse a training that this machine's memory cannot hold.

    lots_are_here: whether this machine computes them, and not a cluster.
    """
    vocab_size = len(corpus.vocabulary)
    if is_exact(settings):
        entries = likely_entries(corpus)
        needed = exact_memory_bytes(vocab_size, entries, settings, lots_are_here=lots_are_here)
        needed += corpus.memory_bytes
    else:
        needed = memory_bytes(corpus, settings) + spelling_memory_bytes(vocab_size, settings)
    available = available_memory_bytes()
    if available is not None and needed > available:
        raise SkipgramError(
            f"training {vocab_size:,} words × {settings.model.embedding_dim} needs "
            f"{needed / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB are free; lower "
            "embedding_dim (--embedding-dim) or raise min_count (--min-count)"
        )


def likely_entries(corpus: EncodedCorpus) -> int:
    """How many different pairs the corpus may have: nothing is counted yet."""
    return min(len(corpus.vocabulary) ** 2, 4 * len(corpus))
