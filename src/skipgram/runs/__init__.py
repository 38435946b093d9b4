"""What a run needs around its trainer: places, starting vectors, memory and results.

Reading order: places, beginning, memory, workplace, trainers, warming, results.
"""
