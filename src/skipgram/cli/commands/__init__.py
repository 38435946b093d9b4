"""A module a command; `similarity` and `analogy` stand beside `neighbors`."""
