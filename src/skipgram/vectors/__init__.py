"""Vectors: what a training results in, the queries, and the files.

Reading order: rows, search, given, embedding, neighbors, asked, queries,
formats, word_vectors, loaded; then subwords, approximate, alignment, interop.
"""
