"""The one door for what is not trusted: bytes, arrays and JSON are checked before they are used.

Reading order: mapping, opening, soundness, plain_values.
"""
