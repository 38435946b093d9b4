"""The cost of the sweeps, known before they begin: arithmetic and memory, on any machine."""

from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.training.exact.folding import PASSES
from skipgram.training.exact.gradients import LOTS, MOST_BLOCK_ROWS, MOST_BLOCK_SCORES
from skipgram.training.held_out.scoring import epoch_flop
from skipgram.training.parameters import padded

SWEEP_FLOP = 8
"""Per number of a pair of words: a score, two gradients, a score for the objective; 2 each."""
FOLD_FLOP = 4
BUDGET_FLOP = 100e12
"""Above this, --yes is required: it is some ten minutes on two fast cores, hours on slow ones."""
AS_FAST = 8.0
"""Up to this many times the arithmetic of negative sampling, sweeps are worth it: theirs runs three
times as fast or more, and the vectors are better (DESIGN.md)."""


def exact_words(vocab_size: int, settings: Settings) -> int:
    """How many words are fitted together."""
    bound = settings.model.softmax_vocabulary
    return min(bound, vocab_size) if bound else vocab_size


def sweeps_flop(vocab_size: int, settings: Settings) -> float:
    """Floating-point operations of all sweeps, and of folding the rarer words in."""
    words, dim = exact_words(vocab_size, settings), settings.model.embedding_dim
    sweeps = float(SWEEP_FLOP * settings.training.sweeps) * words**2 * dim
    folds = 2.0 * FOLD_FLOP * PASSES * words * (vocab_size - words) * dim
    return sweeps + folds


def require_budget(vocab_size: int, settings: Settings) -> None:
    """Refuse what would take longer than expected, unless that is allowed."""
    flop = sweeps_flop(vocab_size, settings)
    if flop > BUDGET_FLOP:
        raise SkipgramError(
            f"{settings.training.sweeps} sweeps over {exact_words(vocab_size, settings):,} words "
            f"take {flop / 1e12:,.0f} TFLOP, {flop / 1e11 / 60:,.0f} minutes at 100 GFLOP/s, and "
            f"the limit is {BUDGET_FLOP / 1e12:,.0f}: fit fewer words together "
            "([--max-vocabulary], or [--softmax-vocabulary 20000] with objective softmax), or "
            "lift the limit (--yes)"
        )


def is_cheaper(vocab_size: int, expected_pairs: int, settings: Settings) -> bool:
    """Whether sweeps take no longer than negative sampling with these settings would.

    By arithmetic, so that a run means the same on every machine. expected_pairs: of an epoch.
    """
    model, training = settings.model, settings.training
    sampling = training.epochs * epoch_flop(
        expected_pairs, model.negatives, padded(model.embedding_dim)
    )
    return sweeps_flop(vocab_size, settings) <= AS_FAST * sampling


def exact_memory_bytes(vocab_size: int, entries: int, settings: Settings) -> int:
    """Counts and shares; V, U, their copies and gradients; the scores of a block per thread."""
    words, row_bytes = exact_words(vocab_size, settings), padded(settings.model.embedding_dim) * 4
    counts = entries * (8 + 4 + 4)
    matrices = (2 * vocab_size + (2 + LOTS + 2) * words) * row_bytes
    block = min(MOST_BLOCK_SCORES, MOST_BLOCK_ROWS * words)
    threads = min(LOTS, settings.run.threads)
    return counts + matrices + threads * (block * 4 + words * row_bytes)
