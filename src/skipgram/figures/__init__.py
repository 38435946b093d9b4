"""Pictures of vectors: a map on which words of similar use stand side by side.

Reading order: demo_words, projection, labels, page, plots. The libraries
that draw come with `pip install 'skipgram[plots]'`, and are imported where they
are used.
"""
