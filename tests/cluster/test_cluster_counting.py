"""Counts by a cluster: those of one machine, to the bit."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.clusters import assert_same_counts, stored_files
from helpers.replay import corpus_of
from helpers.window_rules import WORDS, lines, rules
from skipgram.cluster import counting as cluster_counting
from skipgram.cluster.counting import count_on_cluster, memory_needed
from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.cooccurrence.rows import Walk, surroundings
from skipgram.corpus.summary import CountingProgress
from skipgram.errors import CorpusError
from skipgram.settings.window_rule import WindowRule

law = settings(
    deadline=None,
    max_examples=15,
    # The cluster is the same for all examples, and so are the calls that a worker gets.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def outcome(count, *given, **more) -> Cooccurrence | str:
    """The counts, or what is said where there are none."""
    try:
        return count(*given, **more)
    except CorpusError as error:
        return str(error)


@law
@given(lines, rules, st.integers(1, 30), st.integers(1, 9), st.booleans(), st.data())
def test_the_counts_have_the_bits_of_one_machine(
    in_process_cluster, text, rule, chunk, calls, is_cut, data
):
    corpus = corpus_of([[0, 1, 2, 3], *text], WORDS)
    given = {"chunk_tokens": chunk}
    if is_cut:
        places = st.lists(st.integers(0, len(corpus)), min_size=2, max_size=6, unique=True)
        borders = np.sort(data.draw(places))
        ranges = borders[: len(borders) // 2 * 2].reshape(-1, 2)
        ends = np.union1d(corpus.line_ends, ranges[ranges > 0])
        given |= {"ranges": ranges, "line_ends": ends}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster_counting, "CALLS_OF_A_WORKER", calls)
        found, expected = (
            outcome(count_on_cluster, corpus, rule, in_process_cluster, **given),
            outcome(count_cooccurrence, corpus, rule, **given),
        )
    if isinstance(expected, str):
        assert found == expected
    else:
        assert_same_counts(found, expected)


@pytest.mark.parametrize("chunk", [1 << 25, 700])
def test_a_long_line_in_many_pieces_gives_the_counts_of_one_machine(
    in_process_cluster, chunk, monkeypatch
):
    random = np.random.default_rng(1)
    corpus = corpus_of([(90 * random.random(5_000) ** 4).astype(int).tolist()], 90)
    rule = WindowRule(window=4, subsample=1e-3)
    walk = Walk.of(rule, corpus.vocabulary.counts)
    begin, end = surroundings(corpus.ids, corpus.line_ends, np.array([[2000, 2700]]), walk)
    assert 1000 < begin < 2000 < 2700 < end < 4000
    monkeypatch.setattr("skipgram.cluster.packing.PIECE_BYTES", 1024)
    before = stored_files()
    found = count_on_cluster(corpus, rule, in_process_cluster, chunk_tokens=chunk)
    assert_same_counts(found, count_cooccurrence(corpus, rule, threads=2, chunk_tokens=chunk))
    assert stored_files() == before


def test_rows_that_would_not_fit_are_counted_by_more_calls(in_process_cluster, monkeypatch):
    corpus = corpus_of([[0, 1, 2, 3, 4, 5] * 20], WORDS)
    asked = []
    monkeypatch.setattr(cluster_counting, "CALLS_OF_A_WORKER", 1)
    monkeypatch.setattr(cluster_counting, "ROWS_BYTES", 24 * WORDS)
    results = type(in_process_cluster.calls).results

    def counted(calls, function, arguments, **more):
        asked.extend(words for _, _, words in arguments)
        return results(calls, function, arguments, **more)

    monkeypatch.setattr(type(in_process_cluster.calls), "results", counted)
    rule = WindowRule(subsample=0.0)
    found = count_on_cluster(corpus, rule, in_process_cluster)
    assert asked == [(word, word + 1) for word in range(WORDS)]
    assert_same_counts(found, count_cooccurrence(corpus, rule))


def test_the_progress_rises_to_all_positions(in_process_cluster):
    corpus, told = corpus_of([[0, 1, 2] * 50], 3), []
    count_on_cluster(corpus, WindowRule(), in_process_cluster, observe=told.append)
    assert all(isinstance(event, CountingProgress) for event in told)
    assert (told[-1].positions, told[-1].positions_total) == (150, 150)


def test_more_text_and_more_words_need_more_memory_up_to_a_bound():
    rule = WindowRule(window=5)
    small = memory_needed(corpus_of([[0, 1, 2] * 10], 3), rule)
    assert small < memory_needed(corpus_of([[0, 1, 2] * 1000], 3), rule)
    assert small < memory_needed(corpus_of([[0, 1, 2] * 10], 300), rule)
    in_chunks = memory_needed(corpus_of([[0, 1, 2] * 1000], 3), rule, chunk_tokens=100)
    assert in_chunks < memory_needed(corpus_of([[0, 1, 2] * 1000], 3), rule)
