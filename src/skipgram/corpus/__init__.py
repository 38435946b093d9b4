"""Text into numbers: sources to tokens, tokens to a vocabulary, tokens to ids.

Reading order: sources/, tokens/, pruning, vocabulary, vocabulary_file, summary, spool, pairs,
phrases, encoded, placed, stream, tally, encoding, caching, preparing; windows, demo.
"""
