"""Transformers for scikit-learn: from documents, or counts, to vectors.

Reading order: documents, counts. Only this package imports scikit-learn.
"""

from skipgram.system.extras import requires

with requires("skipgram[sklearn]", "transformers need scikit-learn"):
    import sklearn  # noqa: F401  (to see whether it is installed)

from skipgram.transformers.counts import CountEmbedding
from skipgram.transformers.documents import DocumentVectors

__all__ = ["CountEmbedding", "DocumentVectors"]
