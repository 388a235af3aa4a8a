"""The dataset card: its front matter, its sections, its plots.

May import: export.
"""
