"""Text into numbers: sources to tokens, tokens to a vocabulary, tokens to ids.

Reading order: summary, sources/, tokens/, vocabulary/, phrases/, encoded, encoding/, preparing;
cooccurrence/, counting; demo.
"""
