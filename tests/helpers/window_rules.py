"""Small texts of few words, and every rule by which their pairs may be counted."""

from hypothesis import strategies as st

from skipgram.settings.window_rule import WindowRule

WORDS = 6

lines = st.lists(
    st.lists(st.integers(0, WORDS - 1), min_size=1, max_size=14), min_size=1, max_size=5
)
rules = st.builds(
    WindowRule,
    window=st.integers(1, 6),
    window_width=st.sampled_from(["random", "fixed", "harmonic"]),
    gaps=st.sampled_from(["closed-up", "text"]),
    contexts=st.sampled_from(["both", "left", "right"]),
    subsample=st.sampled_from([0.0, 0.02, 0.3]),
)
