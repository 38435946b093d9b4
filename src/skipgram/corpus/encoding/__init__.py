"""Text to ids: block by block, in threads, over a vocabulary of its own or a given one.

Reading order: placed, spool, stream, tally, encoding; extending.
"""
