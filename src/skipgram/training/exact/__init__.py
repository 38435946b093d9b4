"""Training on all pairs of a corpus at once: targets, gradients, sweeps, rare words.

Reading order: targets, row_code, row_kernels, objectives, gradients, steps, spelling_prior,
sweeps, levels, folding, problem, rare_words, state, held_out, estimate, trainer, warming.
"""
