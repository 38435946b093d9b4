"""placeholder until the branch is merged"""

from skipgram.corpus.cooccurrence.counts import count_cooccurrence


def count_on_cluster(*a, cluster, **k):
    return count_cooccurrence(*a, **k)
