"""What a terminal shows.

Reading order: invocation, wording, escaping, broken_streams, consoles, mouth (which alone prints),
forms, tables; then scores, vocabulary, corpus_summary, spelling, sweeps, progress.
"""
