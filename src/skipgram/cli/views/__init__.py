"""What the commands show.

Reading order: invocation, broken_streams, mouth (which prints answers and notes), forms, tables;
then scores, systems, vocabulary, word_to_try, progress, steps.
"""
