"""Labels that come with a page: formats of other tools, offsets and label names.

May import: loading.
"""
