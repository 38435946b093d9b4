"""Plain words and pieces of pages for people, in which nobody's text can do anything.

Reading order: wording, escaping, markup, tables.
"""
