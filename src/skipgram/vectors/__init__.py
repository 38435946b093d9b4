"""Vectors: what a training leaves, how it is asked, and the files it lies in.

Reading order: word_vectors, neighbors, formats.
"""
