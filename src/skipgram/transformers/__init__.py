"""Transformers for scikit-learn: documents, and counts, to vectors.

Reading order: documents, counts. scikit-learn is imported by this package alone.
"""

from skipgram.errors import MissingExtraError

try:
    import sklearn  # noqa: F401  (whether it is there)
except ModuleNotFoundError as error:
    raise MissingExtraError(
        "transformers need scikit-learn; "
        f"the module {error.name} is not installed: pip install 'skipgram[sklearn]'"
    ) from error

from skipgram.transformers.counts import CountEmbedding
from skipgram.transformers.documents import DocumentVectors

__all__ = ["CountEmbedding", "DocumentVectors"]
