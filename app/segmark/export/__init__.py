"""Writes records to the files that trainers read, and reads these files back.

May import: core, environment, html_tree, export.card, export.formats.
"""
