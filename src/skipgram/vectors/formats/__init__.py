"""Vectors in files: the native folder, and other tools' formats.

Reading order: names, native; then for reading bytes_of_file, blocks, text_rows,
text_kernels, text, binary, fasttext, paired_files, tables, hub, gathering,
reading; and for writing word2vec, writing.
"""
