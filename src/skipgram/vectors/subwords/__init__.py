"""Vectors from the n-grams of letters, as fastText builds them."""
