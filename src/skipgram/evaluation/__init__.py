"""How good vectors are, by similarity and analogies; and what their words are associated with.

Reading order: casing, similarity, analogies, report, wordlists, partitions,
association, relational.
"""
