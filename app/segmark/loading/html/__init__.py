"""HTML: its visible text, where that text stood, and what the page says about itself.

May import: loading.
"""
