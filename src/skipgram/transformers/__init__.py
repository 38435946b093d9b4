"""Transformers for scikit-learn: documents, and counts, to vectors.

Reading order: documents, counts. scikit-learn is imported by this package alone.
"""

from skipgram.system.extras import requires

with requires("skipgram[sklearn]", "transformers need scikit-learn"):
    import sklearn  # noqa: F401  (whether it is there)

from skipgram.transformers.counts import CountEmbedding
from skipgram.transformers.documents import DocumentVectors

__all__ = ["CountEmbedding", "DocumentVectors"]
