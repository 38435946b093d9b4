"""How good vectors are: against people's judgement of similarity, and by analogies.

Reading order: casing, similarity, analogies, report.
"""
