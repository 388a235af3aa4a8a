"""Checking a project, repairing a damaged one, and going back to a backup.

May import: store, store.file, store.people.
"""
