"""Pictures of vectors: a map on which words with similar uses are close together.

Reading order: demo_words, projection, labels, page, plots, scores. The drawing libraries
come with `pip install 'skipgram[plots]'`, and are imported where they are used.
"""
