"""Vectors: what a training results in, the queries, and the files.

Reading order: elsewhere, rows, search, given, subwords, graph_file, approximate, origin,
tokenizing, embedding, neighbors, asked, searching, queries, predicting, arrays, interop, formats,
respelling, word_vectors, loaded, spread, changes, alignment.
"""
