"""Dialogs for loading: options, questions about labels, the report, pasting.

May import: gui.base.
"""
