"""How good vectors are: compared with people's similarity ratings, and by analogies.

Reading order: casing, resampling, scores, reading, similarity, questions, analogy_answers,
analogy_kernels, analogy_outcome, analogies, report.
"""
