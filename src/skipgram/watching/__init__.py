"""A run on record: its events as lines of JSON, and as TensorBoard curves.

Reading order: records, run_log, json_lines, tensorboard. What writes TensorBoard's files comes
with `pip install 'skipgram[tensorboard]'`, and is imported where it is used.
"""
