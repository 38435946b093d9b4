"""Words and their counts: packed, pruned, saved.

Reading order: packed_words, pruning, forms, file, frequent,
vocabulary.
"""
