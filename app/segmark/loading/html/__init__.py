"""HTML: the visible text, where it was in the markup, and the page's metadata.

May import: loading.
"""
