"""What one annotator is doing: the open page, acts, history, time at work.

It knows nothing of Qt.

May import: core, environment, store.
"""
