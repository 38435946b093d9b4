"""Negative sampling: the step, its compiled kernels, and the trainer around them."""
