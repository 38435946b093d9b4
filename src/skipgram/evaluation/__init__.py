"""How good vectors are: compared with people's judgements, by analogies, and by text.

Reading order: casing, resampling, scores, reading, known_words, similarity, analogies, categories,
outliers, hubness, report.
"""
