"""How good vectors are: compared with people's judgements, by analogies, and by text.

Reading order: casing, resampling, scores, reading, known_words, similarity, analogies, categories,
outliers, hubness, held_out_text, held_out, report.
"""
