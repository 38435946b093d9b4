"""Text into numbers: sources to tokens, tokens to a vocabulary, tokens to ids.

Reading order: sources/, tokens/, pruning, vocabulary, vocabulary_file, summary, tally, spool,
pairs, phrases, stream, encoded, encoding, caching, preparing; windows, demo.
"""
