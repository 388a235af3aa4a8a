"""The list of pages: rows, filter, order, reading in the background.

May import: gui.base.
"""
