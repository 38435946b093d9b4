"""A run on record: its events as lines of JSON, and as curves for TensorBoard.

Reading order: records, json_lines, tensorboard. TensorBoard's files come with
`pip install 'skipgram[tensorboard]'`; what writes them is imported where it is used.
"""
