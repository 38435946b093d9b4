"""The cost of the sweeps, known before they begin: arithmetic and memory, on any machine."""

from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.settings.ngram_range import NONE as NO_NGRAMS
from skipgram.training.exact.folding import PASSES
from skipgram.training.exact.gradients import MOST_BLOCK_ROWS, MOST_BLOCK_SCORES
from skipgram.training.exact.levels import CLIMBING_PASSES, Level, exact_words
from skipgram.training.held_out.scoring import epoch_flop
from skipgram.training.parameters import padded

SWEEP_FLOP = 8
"""Per number of a pair of words: a score, two gradients, a score for the objective; 2 each."""
FOLD_FLOP = 4
BUDGET_FLOP = 100e12
"""Above this, --yes is required: it is some ten minutes on two fast cores, hours on slow ones."""
NGRAMS_A_WORD = 4
"""Of 3 to 6 characters: English has 2 that several words share, languages of long words more."""
SOON_FLOP = 3e12
"""Sweeps that take no more are worth it whatever else would take: half a minute on two slow cores,
and on small texts negative sampling's vectors are far worse (DESIGN.md)."""
AS_FAST = 8.0
"""Up to this many times the arithmetic of negative sampling, sweeps are worth it: theirs runs three
times as fast or more, and the vectors are better (DESIGN.md)."""
MOST_BYTES = 4e9
"""What sweeps may hold in memory to be chosen; not what this machine has, or runs would differ."""


def sweep_flop(words: int, embedding_dim: int) -> float:
    """Floating-point operations of one sweep over this number of words."""
    return float(SWEEP_FLOP) * words**2 * embedding_dim


def folding_flop(words: int, rare: int, passes: int, embedding_dim: int) -> float:
    """Floating-point operations of folding `rare` words into `words` others."""
    return 2.0 * FOLD_FLOP * passes * words * rare * embedding_dim


def climbing_flop(levels: tuple[Level, ...], number: int, embedding_dim: int) -> float:
    """Floating-point operations of folding the words of the next level into this one, from 0."""
    words, more = levels[number].words, levels[number + 1].words
    return folding_flop(words, more - words, CLIMBING_PASSES, embedding_dim)


def sweeps_flop(vocab_size: int, levels: tuple[Level, ...], embedding_dim: int) -> float:
    """Floating-point operations of all levels, and of folding the rarer words in."""
    sweeps = sum(level.sweeps * sweep_flop(level.words, embedding_dim) for level in levels)
    climbs = sum(climbing_flop(levels, number, embedding_dim) for number in range(len(levels) - 1))
    words = levels[-1].words
    return sweeps + climbs + folding_flop(words, vocab_size - words, PASSES, embedding_dim)


def require_budget(vocab_size: int, levels: tuple[Level, ...], settings: Settings) -> None:
    """Refuse what would take longer than expected, unless that is allowed."""
    flop = sweeps_flop(vocab_size, levels, settings.model.embedding_dim)
    if flop > BUDGET_FLOP:
        leading = " and the levels before them" if len(levels) > 1 else ""
        raise SkipgramError(
            f"{levels[-1].sweeps} sweeps over {levels[-1].words:,} words{leading} take "
            f"{flop / 1e12:,.0f} TFLOP, {flop / 1e11 / 60:,.0f} minutes at 100 GFLOP/s, and "
            f"the limit is {BUDGET_FLOP / 1e12:,.0f}: fit fewer words together "
            "([--max-vocabulary], or [--softmax-vocabulary 20000] with objective softmax), or "
            "lift the limit (--yes)"
        )


def sampling_flop(expected_pairs: int, settings: Settings) -> float:
    """Floating-point operations of negative sampling with these settings; pairs: of an epoch."""
    model = settings.model
    of_epoch = epoch_flop(expected_pairs, model.negatives, padded(model.embedding_dim))
    return float(settings.training.epochs * of_epoch)


def spelling_memory_bytes(vocab_size: int, settings: Settings, ngrams: int | None = None) -> int:
    """The table of n-grams, its copy and what the regression needs; the means; 0 without spelling.

    ngrams: how many there are, if that is known.
    """
    if settings.model.ngrams == NO_NGRAMS:
        return 0
    if ngrams is None:
        ngrams = NGRAMS_A_WORD * vocab_size
    row_bytes = padded(settings.model.embedding_dim) * 4
    return (5 * ngrams + 2 * vocab_size) * row_bytes


def exact_memory_bytes(
    vocab_size: int,
    entries: int,
    settings: Settings,
    ngrams: int | None = None,
    *,
    lots_are_here: bool = True,
) -> int:
    """Counts and shares; V, U, their copies and gradients; the scores of a block per thread.

    With spelling, also its tables; ngrams: how many there are, if that is known. lots_are_here:
    whether this machine computes them; of those of a cluster it has only the sum.
    """
    words, row_bytes = exact_words(vocab_size, settings), padded(settings.model.embedding_dim) * 4
    counts = entries * (8 + 4 + 4)
    lots = settings.training.lots if lots_are_here else 1
    matrices = (2 * vocab_size + (2 + lots + 2) * words) * row_bytes
    block = min(MOST_BLOCK_SCORES, MOST_BLOCK_ROWS * words)
    threads = min(lots, settings.run.threads)
    spelling = spelling_memory_bytes(vocab_size, settings, ngrams)
    return counts + matrices + threads * (block * 4 + words * row_bytes) + spelling
