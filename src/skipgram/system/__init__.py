"""The machine under us: files replaced in one step, threads, memory, signals, BLAS."""
