"""Vectors in files: the native folder, and other tools' formats."""
