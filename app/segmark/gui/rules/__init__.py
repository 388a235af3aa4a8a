"""Dialogs on what labels mean: examples, questions, texts that are labelled differently.

May import: gui.base.
"""
