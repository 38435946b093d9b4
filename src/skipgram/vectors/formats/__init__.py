"""Vectors in files: the native folder, and other tools' formats.

Reading order: names, spelling_file, native; then for reading byte_reader, row_stream,
text_rows, text_kernels, text, binary, fasttext, paired_files, parquet_footer, tables, hub,
growing, assembling, reading; and for writing word2vec, writing.
"""
