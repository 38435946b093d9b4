"""Training on all pairs of a corpus at once: targets, gradients, sweeps, rare words.

To read in order: targets, row_kernels, objectives, gradients, steps, sweeps,
folding, trainer.
"""
