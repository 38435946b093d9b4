"""The machine under us: files replaced in one step, threads, memory, signals, BLAS.

Reading order: machine, signals, closing, nameless, temporary, paths, files, file_pairs,
tensor_file; threads, blas, extras, caching.
"""
