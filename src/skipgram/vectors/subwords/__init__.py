"""Vectors from the n-grams of words: our own table of them, and fastText's buckets.

Reading order: speller, spelling, subwords, kernels.
"""
