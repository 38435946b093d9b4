"""Words that belong together, found and joined."""
