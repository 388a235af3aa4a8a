"""Figures read from a project: progress, time, accuracy, agreement.

May import: store.file, store.people.
"""
