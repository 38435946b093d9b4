"""Whole jobs: text in; an encoded corpus, counts or vectors out; and a page of vectors.

Reading order: encoding, counting, on_cluster, training, exploring.
"""
