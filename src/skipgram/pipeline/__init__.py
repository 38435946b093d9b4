"""Whole jobs: text in; an encoded corpus, counts or vectors out.

Reading order: encoding, counting, training.
"""
