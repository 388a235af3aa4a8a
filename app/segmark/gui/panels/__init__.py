"""The panels beside the page: labels, spans, note, guideline.

May import: gui.base.
"""
