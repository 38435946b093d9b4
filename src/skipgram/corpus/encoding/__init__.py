"""Text to ids: block by block, in threads, with its own vocabulary or a given one.

Reading order: placed, spool, stream, tally, reading, encoding; extending.
"""
