"""How good vectors are: compared with people's similarity ratings, and by analogies.

Reading order: casing, similarity, analogies, report.
"""
