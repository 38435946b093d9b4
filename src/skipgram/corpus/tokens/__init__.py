"""Blocks to numbers: what a token is, and which number each type gets.

Reading order: kernels, numbering, words, tokenizing, type_table; lines_of_text.
"""
