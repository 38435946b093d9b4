"""Text into numbers: sources to tokens, tokens to a vocabulary, tokens to ids, ids to pairs.

Reading order: sources/, tokens/, vocabulary/, phrases/, summary, encoded, encoding/, inputs,
preparing; cooccurrence/; demo.
"""
