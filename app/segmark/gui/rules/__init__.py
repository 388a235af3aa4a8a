"""Dialogs on labels: the label set, examples, questions, texts that are labelled differently.

May import: gui.base.
"""
