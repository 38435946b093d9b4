"""What is kept out of the training, and how well the vectors predict it.

Reading order: split, pairs, scoring.
"""
