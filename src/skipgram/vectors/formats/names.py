"""The names of the formats, and their suffixes."""

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
"""The formats that are read, recognized by content if no name is given; arrow includes Parquet."""

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
"""The formats that have no place for the words' counts."""

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
"""The format that a suffix asks for when writing."""
