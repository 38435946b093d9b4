"""Vectors: what a training leaves, how it is asked, and the files it lies in.

Reading order: rows, search, neighbors, queries, word_vectors, formats; then
subwords, approximate, alignment, interop.
"""
