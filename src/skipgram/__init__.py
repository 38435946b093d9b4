"""Skip-gram word vectors: text goes in; vectors come out."""

__version__ = "0.1.0"
