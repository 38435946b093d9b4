"""Words that belong together, found and joined.

Reading order: phraser, file, given; kernels, finding.
"""
