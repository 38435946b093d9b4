"""Words that belong together, found and joined.

Reading order: kernels, finding.
"""
