"""What a run shows a person who watches it, at a shell, in Python or in a notebook.

Reading order: streams, consoles, display; then numbers, spelling, sweeps, run_view (what is said);
terminal, notebook (where); logger, watched.
"""
