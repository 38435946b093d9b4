"""How compiled code is written here.

Reading order: compiling (the cache), simd, atomics, text_registers.
"""
