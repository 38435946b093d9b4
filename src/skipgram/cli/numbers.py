"""Numbers as people like to read them."""

_LEAST_PLAIN_RATE, _MOST_PLAIN_PERPLEXITY = 1e-3, 1e7
"""Beyond these, numbers are written with a power of ten."""


def learning_rate(rate: float) -> str:
    """Of the steps."""
    return f"{rate:.4f}" if rate >= _LEAST_PLAIN_RATE else f"{rate:.1e}"


def perplexity(perplexity: float) -> str:
    """In words."""
    return f"{perplexity:,.0f}" if perplexity < _MOST_PLAIN_PERPLEXITY else f"{perplexity:.1e}"


def rate(tokens_per_second: float) -> str:
    """In words a second."""
    if tokens_per_second >= 1e6:
        return f"{tokens_per_second / 1e6:.2f} M words/s"
    return f"{tokens_per_second / 1e3:.0f} k words/s"
