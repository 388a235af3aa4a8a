"""The figures dialog and its plots.

May import: gui.base.
"""
