"""One annotator's work on a project: the open page, acts, undo history, time at work.

This package does not use Qt.

May import: core, environment, store.
"""
