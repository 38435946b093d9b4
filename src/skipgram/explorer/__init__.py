"""Vectors to look at: a map of their words, in one page that needs nothing else.

Reading order: progress, places, clusters, layout, layout_file, kept_layouts; quantized,
columns, data; template, page_file, preparing, atlas; answers, batches, application, server.

The page itself, a template with its styles and scripts, is in page/.
"""
