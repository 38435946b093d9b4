"""Numbers into vectors: by steps (negative_sampling/) or by sweeps over all pairs (exact/).

Reading order: parameters, noise, draws, events, passes, held_out/; then negative_sampling/, exact/;
then warming, checkpoint, checkpointing.
"""
