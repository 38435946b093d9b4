"""Negative sampling: the step, its compiled kernels, and the trainer around them.

Reading order: step, tiles, stability, task, hogwild; changes, batches, batched; held_out, spread,
trainer, warming.
"""
