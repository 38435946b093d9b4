"""Where a corpus comes from: files, streams and Python objects to blocks of whole tokens.

Reading order: blocks, unpacking, file_kinds, reading, values, columns, tables, local, remote,
texts, finding.
"""
