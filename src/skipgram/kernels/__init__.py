"""How compiled code is written here: its cache, SIMD, atomics, text in registers."""
