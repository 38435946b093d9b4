"""What kernels are compiled with, before the training that needs them."""

import numpy as np

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.summary import CorpusSummary
from skipgram.corpus.vocabulary.vocabulary import Vocabulary


def smallest_corpus() -> EncodedCorpus:
    """One line of three words."""
    words = Vocabulary(["a", "b", "c"], np.array([2, 1, 1]))
    summary = CorpusSummary(1, 1, 0, 4, 4, 3, 4, 3, 0, "", "")
    return EncodedCorpus(np.array([0, 1, 0, 2], np.int32), np.array([4]), words, summary)
