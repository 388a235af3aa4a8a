"""The export dialog, its fields and its preview.

May import: gui.base.
"""
