"""`python -m skipgram`."""

from skipgram.cli import main

main()
