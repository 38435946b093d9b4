"""What one run needs around its trainer: its places, its beginning, its memory."""
