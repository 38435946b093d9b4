"""Vectors: what a training results in, the queries, and the files.

Reading order: rows, search, given, subwords, graph_file, approximate, origin, embedding,
neighbors, asked, queries, interop, formats, respelling, word_vectors, loaded, spread, changes,
alignment.
"""
