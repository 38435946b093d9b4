"""Other packages' trainings beside ours: on one text, with like settings.

gensim and fastText train in processes of their own, which can be stopped and give
their memory back; what they print says when they had read the text, how far they are, and
when they were done.

Reading order: text, systems, ours; telling, in_gensim, in_fasttext, others; events, keeping,
running, table, view, comparing.
"""
