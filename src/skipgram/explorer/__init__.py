"""Vectors to look at: a map of their words, in one page that needs nothing else.

Reading order: progress, quantized, quick_kernels, quick_search; places, clusters, layout,
layout_file, kept_layouts; columns, blocks, ngram_table, data; template, page_file, preparing,
atlas; answers, batches, application, server.

The page itself, a template with its styles and scripts, is in page/.
"""
