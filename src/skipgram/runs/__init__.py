"""What one run needs around its trainer: its places, its beginning, its memory, its results.

Reading order: places, beginning, memory, trainers, warming, results.
"""
