"""Learning from finished pages, and suggesting spans for others.

May import: core.
"""
