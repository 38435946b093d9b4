"""Where a corpus comes from: whatever is named or given, to blocks of whole tokens.

Reading order: blocks, unpacking, file_kinds, reading, values, columns, tables, local, remote,
texts, finding.
"""
