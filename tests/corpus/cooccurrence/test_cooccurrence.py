"""Expected counts of pairs: against their slow twin, all that may be kept, and sampled ones."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from helpers.replay import corpus_of
from helpers.window_rules import WORDS, lines, rules
from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.cooccurrence.kernels import LEAST_REACH
from skipgram.corpus.cooccurrence.rows import distance_weights
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.summary import CountingProgress
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.equations import keep_probability
from skipgram.equations.draws import chance_thresholds, epoch_key
from skipgram.equations.pair_weights import expected_pair_weights
from skipgram.equations.windows import windows
from skipgram.errors import CorpusError, SettingsError
from skipgram.settings.window_rule import WindowRule

LEAST_PROMISED = 1e-6
"""What docs/corpora.md says of where walks end: not the kernel's number, which could be changed."""
CUT_OFF = 10 * LEAST_PROMISED
"""What walks that end early may leave out of a count of about 1."""

law = settings(deadline=None, max_examples=60)


def counted(corpus: EncodedCorpus, rule: WindowRule, **more) -> np.ndarray:
    return count_cooccurrence(corpus, rule, **more).matrix.toarray()


def twin(corpus, rule: WindowRule, ranges=None, line_ends=None) -> np.ndarray:
    """The counts by the slow twin, whose walks end where those of the kernel do."""
    keep = (
        keep_probability(corpus.vocabulary.counts, rule.subsample)
        if rule.subsample
        else np.ones(WORDS)
    )
    return expected_pair_weights(
        corpus.ids,
        corpus.line_ends if line_ends is None else line_ends,
        keep,
        distance_weights(rule),
        closes_up=rule.gaps == "closed-up",
        contexts=rule.contexts,
        ranges=ranges,
        least_reach=LEAST_REACH,
    )


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        ("random", [1, 3 / 4, 2 / 4, 1 / 4]),
        ("fixed", [1, 1, 1, 1]),
        ("harmonic", [1, 1 / 2, 1 / 3, 1 / 4]),
    ],
)
def test_a_word_counts_by_its_distance(width, expected):
    assert_close(distance_weights(WindowRule(window=4, window_width=width)), expected, EXACT)
    corpus = corpus_of([[0, 1, 2, 3, 4, 5]], WORDS)
    found = counted(corpus, WindowRule(window=4, window_width=width, subsample=0.0))
    assert_close(found[0], [0, *expected, 0], EXACT)


@law
@given(lines, rules)
def test_the_counts_are_those_of_the_slow_twin(text, rule):
    corpus = corpus_of(text, WORDS)
    expected = twin(corpus, rule)
    if not expected.any():
        with pytest.raises(CorpusError, match="no pair to count"):
            counted(corpus, rule)
        return
    assert_close(counted(corpus, rule), expected, EXACT)


@settings(law, max_examples=20)  # the twin is slow on lines of this length
@given(st.data())
def test_a_walk_that_ends_early_loses_less_than_the_window_times_what_is_promised(data):
    rule = data.draw(rules)
    # Words that are nearly always kept: few of them lie between before a walk is to end.
    corpus = corpus_of([data.draw(st.lists(st.integers(0, 1), min_size=20, max_size=40))], 2)
    keep = np.array([0.9, data.draw(st.sampled_from([0.5, 0.95]))])
    weights = distance_weights(rule)
    full, ended = (
        expected_pair_weights(
            corpus.ids,
            corpus.line_ends,
            keep,
            weights,
            closes_up=True,
            contexts=rule.contexts,
            least_reach=least,
        )
        for least in (0.0, LEAST_REACH)
    )
    walks = len(corpus) * (2 if rule.contexts == "both" else 1)
    assert 0 <= (full - ended).sum() <= walks * rule.window * LEAST_PROMISED


@law
@given(lines, rules, st.integers(1, 9), st.integers(1, 3))
def test_neither_chunks_nor_threads_change_the_counts(text, rule, chunk, threads):
    corpus = corpus_of([*text, [0, 1, 2]], WORDS)
    whole = count_cooccurrence(corpus, rule).matrix
    again = count_cooccurrence(corpus, rule, threads=threads).matrix
    np.testing.assert_array_equal(again.data, whole.data)
    np.testing.assert_array_equal(again.indices, whole.indices)
    in_chunks = count_cooccurrence(corpus, rule, threads=threads, chunk_tokens=chunk).matrix
    np.testing.assert_array_equal(in_chunks.indptr, whole.indptr)
    np.testing.assert_array_equal(in_chunks.indices, whole.indices)
    assert_close(in_chunks.data, whole.data, EXACT)


@law
@given(lines, rules, st.integers(1, 30), st.data())
def test_text_outside_the_ranges_is_left_out(text, rule, chunk, data):
    corpus = corpus_of([[0, 1, 2, 3], *text], WORDS)
    places = st.lists(st.integers(0, len(corpus)), min_size=2, max_size=6, unique=True)
    borders = np.sort(data.draw(places))
    ranges = borders[: len(borders) // 2 * 2].reshape(-1, 2)
    line_ends = np.union1d(corpus.line_ends, ranges[ranges > 0])
    expected = twin(corpus, rule, ranges, line_ends)
    given = {"ranges": ranges, "line_ends": line_ends, "chunk_tokens": chunk}
    if not expected.any():
        with pytest.raises(CorpusError, match="no pair to count"):
            counted(corpus, rule, **given)
        return
    assert_close(counted(corpus, rule, **given), expected, EXACT)


def test_many_short_ranges_are_one_chunk(monkeypatch):
    """A file for each of the blocks of a held-out text would be more than a process may open."""
    corpus = corpus_of([[0, 1, 2, 3] * 600], WORDS)
    ranges = np.arange(len(corpus)).reshape(-1, 4)[:, ::2]
    line_ends = np.union1d(corpus.line_ends, ranges)[1:]  # the first range begins at 0
    told: list[CountingProgress] = []
    chunks = []
    monkeypatch.setattr(
        "skipgram.corpus.cooccurrence.counts.spilled", lambda part, _: chunks.append(part) or part
    )
    given = {"ranges": ranges, "line_ends": line_ends, "observe": told.append}
    whole = counted(corpus, WindowRule(subsample=0.0), **given)
    assert not chunks
    assert_close(whole[0, 1], 600.0, EXACT)
    assert told[-1].positions == told[-1].positions_total == 1200
    assert_close(
        counted(corpus, WindowRule(subsample=0.0), chunk_tokens=700, **given), whole, EXACT
    )
    assert len(chunks) == 4


@pytest.mark.parametrize("ranges", [np.empty((0, 2), np.int64), np.array([[2, 3]])])
def test_ranges_without_a_pair_are_refused(ranges):
    corpus = corpus_of([[0, 1, 2, 3]], WORDS)
    with pytest.raises(CorpusError, match="no pair to count"):
        counted(corpus, WindowRule(subsample=0.0), ranges=ranges, line_ends=np.array([2, 3, 4]))


def test_a_corpus_without_a_token_is_refused():
    with pytest.raises(CorpusError, match="of the 0 words"):
        counted(corpus_of([], WORDS), WindowRule(subsample=0.0))


@pytest.mark.parametrize("width", ["random", "fixed"])
def test_closed_up_windows_are_the_mean_over_all_that_may_be_kept(width):
    corpus = corpus_of([[0, 1, 0, 2, 3, 1, 0, 4], [1, 1, 5]], WORDS)
    rule = WindowRule(window=2, window_width=width, subsample=0.02)
    keep = keep_probability(corpus.vocabulary.counts, 0.02)
    assert (keep < 1).sum() > 1
    weights = distance_weights(rule)
    expected = np.zeros((WORDS, WORDS))
    for kept in product([False, True], repeat=len(corpus)):
        chances = keep[corpus.ids]
        chance = np.prod(np.where(kept, chances, 1 - chances))
        start = 0
        for end in corpus.line_ends:
            left = [corpus.ids[place] for place in range(start, end) if kept[place]]
            for i, c in enumerate(left):
                for j, o in enumerate(left):
                    if 0 < abs(i - j) <= 2:
                        expected[c, o] += chance * weights[abs(i - j) - 1]
            start = end
    assert_close(counted(corpus, rule), expected, CUT_OFF)


def test_the_counts_are_the_mean_of_what_the_training_samples():
    random = np.random.default_rng(0)
    corpus = corpus_of([random.integers(WORDS, size=60).tolist()], WORDS)
    keep, epochs = keep_probability(corpus.vocabulary.counts, 0.05), 3000
    thresholds = chance_thresholds(keep).tolist()
    sampled = np.zeros((WORDS, WORDS))
    for epoch in range(epochs):
        for window in windows(corpus.ids, corpus.line_ends, thresholds, 3, epoch_key(1, epoch)):
            np.add.at(sampled, (list(window.centers), window.outside), 1 / epochs)
    expected = counted(corpus, WindowRule(window=3, subsample=0.05))
    # A count of about n pairs, each drawn or not, varies by less than √n; five deviations.
    assert (abs(sampled - expected) < 5 * np.sqrt(2 * expected / epochs) + 0.02).all()


def test_both_sides_are_symmetric_and_left_is_right_the_other_way_round():
    corpus = corpus_of(np.random.default_rng(1).integers(WORDS, size=(4, 30)).tolist(), WORDS)
    both, left, right = (
        counted(corpus, WindowRule(contexts=side, subsample=0.05))
        for side in ("both", "left", "right")
    )
    assert_close(both, both.T, EXACT)
    assert_close(left, right.T, EXACT)
    assert_close(left + right, both, EXACT)
    assert abs(left - right).max() > 0.1


def test_progress_ends_with_all_positions():
    corpus = corpus_of([[0, 1, 2] * 20], WORDS)
    told = []
    count_cooccurrence(corpus, WindowRule(subsample=0.0), observe=told.append, chunk_tokens=7)
    assert told[-1].positions == told[-1].positions_total == len(corpus)


def counts_of(words: int = WORDS) -> Cooccurrence:
    corpus = corpus_of([[0, 1, 2, 3, 4, 5, 0, 1]], words)
    return count_cooccurrence(corpus, WindowRule(subsample=0.0))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"words": ["w0"]}, "6 words and not 1;"),
        ({"words": ["w0", "x", "w2", "w3", "w4", "w5"]}, "word 1 'w1', not 'x'"),
        ({"counts": [9, 9, 9, 9, 9, 9]}, "'w0' 3 times, not 9;"),
    ],
)
def test_counts_of_another_vocabulary_are_refused_with_the_difference(change, text):
    counts = counts_of()
    words = change.get("words", list(counts.vocabulary))
    numbers = change.get("counts", counts.vocabulary.counts[: len(words)])
    other = Vocabulary(words, np.array(numbers))
    with pytest.raises(SettingsError) as caught:
        counts.require_fit(other, WindowRule(**counts.options()))
    assert text in str(caught.value)


def test_counts_by_other_settings_are_refused_with_the_difference():
    counts = counts_of()
    with pytest.raises(SettingsError, match="counted with window 5, not 2"):
        counts.require_fit(counts.vocabulary, WindowRule(**{**counts.options(), "window": 2}))
    counts.require_fit(counts.vocabulary, WindowRule(**counts.options()))


def test_a_cut_keeps_the_most_frequent_words_on_both_sides():
    counts = counts_of()
    part, first = counts.cut(3), counts.vocabulary.by_count[:3]
    assert list(part.vocabulary) == [counts.vocabulary.words[number] for number in first]
    assert_close(part.matrix.toarray(), counts.matrix.toarray()[np.ix_(first, first)], EXACT)


def test_words_that_stand_alone_are_counted():
    assert counts_of(WORDS + 2).words_without_pair == 2
