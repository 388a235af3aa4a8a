"""Labels that come with a page: other tools' formats, offsets, names.

May import: loading.
"""
