"""Numbers into vectors: the parameters, the noise, the kernel, and the loop around it.

Reading order: parameters, noise, negative_sampling, events, trainer.
"""
