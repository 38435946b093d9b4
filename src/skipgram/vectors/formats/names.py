"""The names of formats, and the suffixes that stand for them."""

READ = (
    "native",
    "word2vec-text",
    "word2vec-binary",
    "glove",
    "fasttext",
    "numpy",
    "arrow",
    "projector",
    "hub",
)
"""The formats that are read, known by content where no name is given; arrow is Parquet as well."""

WRITTEN = (
    "native",
    "word2vec-text",
    "word2vec-binary",
    "glove",
    "numpy",
    "parquet",
    "arrow",
    "projector",
    "hub",
)
"""The formats that are written."""

WITHOUT_COUNTS = ("word2vec-text", "word2vec-binary", "glove", "numpy")
"""The formats that have no place for how often a word was seen."""

SUFFIXES = {
    ".txt": "word2vec-text",
    ".vec": "word2vec-text",
    ".bin": "word2vec-binary",
    ".glove": "glove",
    ".npy": "numpy",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".tsv": "projector",
}
"""The format that goes by a suffix, where one is written."""
