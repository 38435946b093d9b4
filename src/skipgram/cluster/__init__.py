"""Training by sweeps on a cluster of Dask workers, with the bits of one machine.

Reading order: storage, alike, calls, connecting; packing, reading, counting; objectives, memory,
traffic, gradients.
"""
