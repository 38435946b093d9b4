"""Text into numbers: files to tokens, tokens to a vocabulary, tokens to ids.

Reading order: reading, vocabulary, encoded, windows, demo.
"""
