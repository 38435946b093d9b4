"""A text read and counted by processes, one of which is killed: that of one machine."""

import lzma
import os
import signal
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.clusters import assert_same_counts
from helpers.encoding_twin import assert_same
from skipgram.cluster.connecting import Cluster, connected
from skipgram.cluster.counting import count_on_cluster
from skipgram.cluster.reading import read_on
from skipgram.corpus.cooccurrence.counts import count_cooccurrence
from skipgram.corpus.encoding.encoding import encode_sources
from skipgram.corpus.encoding.reading import ReadElsewhere
from skipgram.corpus.sources.finding import Sources, sources_of
from skipgram.settings.window_rule import WindowRule

FILES = 9


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """The demo corpus in files."""
    lines = lzma.decompress(skipgram.demo_corpus().read_bytes()).splitlines(keepends=True)
    for number, part in enumerate(np.array_split(np.arange(len(lines)), FILES)):
        file = tmp_path / "text" / f"{number}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"".join(lines[part[0] : part[-1] + 1]))
    return sources_of(tmp_path / "text")


class Killer:
    """Called with anything, it kills a worker the first time."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._kills = chain([True], repeat(False))
        self.calls = 0

    def __call__(self, event: object) -> None:
        self.calls += 1
        if next(self._kills):
            processes = self._cluster.calls.client.run(os.getpid)
            os.kill(next(iter(processes.values())), signal.SIGKILL)


def killing(read: ReadElsewhere, killer: Killer) -> ReadElsewhere:
    def killing_read(sources: Any, text: Any, take: Any) -> None:
        def taken(part: Any) -> None:
            killer(part)
            take(part)

        read(sources, text, taken)

    return killing_read


@pytest.mark.slow
def test_a_worker_that_dies_changes_neither_the_corpus_nor_the_counts(sources, tmp_path):
    storage, rule = tmp_path / "storage", WindowRule(window=5)
    with connected("local:2", storage.as_uri(), deadline_seconds=30.0) as cluster:
        reading, counting = Killer(cluster), Killer(cluster)
        corpus = encode_sources(sources, read_elsewhere=killing(read_on(cluster), reading))
        counts = count_on_cluster(
            corpus, rule, cluster, chunk_tokens=1 << 19, observe=counting, scratch=tmp_path
        )
        assert min(reading.calls, counting.calls) > 1, "the killed one has left nothing to do"
    assert not [path for path in storage.rglob("*") if path.is_file()]
    expected = encode_sources(sources)
    assert_same(corpus, expected)
    assert corpus.summary.sha256 == expected.summary.sha256
    assert_same_counts(counts, count_cooccurrence(expected, rule, threads=2, chunk_tokens=1 << 19))
