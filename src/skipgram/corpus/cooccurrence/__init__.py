"""Expected counts of the pairs of words in all windows of a corpus, and their folder.

Reading order: kernels, parts, rows, file, cutting, counts.
"""
