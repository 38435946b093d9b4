"""What a training holds in memory, known before it begins."""

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.system.machine import available_memory_bytes
from skipgram.training.exact.estimate import exact_memory_bytes
from skipgram.training.negative_sampling.trainer import memory_bytes


def require_memory(corpus: EncodedCorpus, settings: Settings) -> None:
    """Refuse what this machine's memory cannot hold, before it is asked for."""
    _require(memory_bytes(corpus, settings), corpus, settings)


def require_exact_memory(corpus: EncodedCorpus, settings: Settings) -> None:
    """The same for sweeps, whose counts are estimated from the number of tokens."""
    vocab_size = len(corpus.vocabulary)
    entries = min(vocab_size**2, 4 * len(corpus))
    needed = exact_memory_bytes(vocab_size, entries, settings) + corpus.memory_bytes
    _require(needed, corpus, settings)


def _require(needed: int, corpus: EncodedCorpus, settings: Settings) -> None:
    available = available_memory_bytes()
    if available is not None and needed > available:
        raise SkipgramError(
            f"training {len(corpus.vocabulary):,} words × {settings.model.embedding_dim} needs "
            f"{needed / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB are free; lower "
            "embedding_dim (--embedding-dim) or raise min_count (--min-count)"
        )
