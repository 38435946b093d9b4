"""Vectors: what a training leaves, how it is asked, and the files it lies in.

Reading order: rows, search, neighbors, given, asked, queries, word_vectors,
formats, loaded; then subwords, approximate, alignment, interop.
"""
