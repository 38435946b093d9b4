"""What the spelling of words says of their vectors: shared n-grams, and a table fitted to them.

Reading order: ngrams, kernels, incidence, regression, explaining.
"""
