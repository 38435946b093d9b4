"""How good vectors are: compared with people's judgements, by analogies, and by text.

Reading order: casing, resampling, scores, reading, known_words, similarity, questions,
analogy_outcome, analogy_answers, analogy_kernels, analogies, categories, outliers, battery;
paired, parts, significance, differences, parted; report, comparison, comparing, trainings;
hubness, records; held_out_text, held_out; wordlists, partitions, association, relational.
"""
