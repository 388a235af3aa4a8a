"""Dialogs on what labels mean: examples of the guideline, and questions about it.

May import: gui.base.
"""
