"""Words and their counts: kept, pruned, packed, and saved."""
