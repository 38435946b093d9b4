"""The one door for what is not trusted: bytes, arrays and JSON are checked before they are used.

Reading order: opening, soundness, plain_values.
"""
