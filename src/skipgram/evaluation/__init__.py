"""How good vectors are: compared with people's similarity ratings, and by analogies.

Reading order: resampling, scores, reading, casing, similarity, analogies, categories, outliers, hubness,
held_out, association, battery, report, bands, significance, comparison, comparing, trainings, records.
"""
