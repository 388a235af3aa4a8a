"""From records to the files that trainers read, and reading these files back.

May import: core, environment, html_tree, export.card, export.formats.
"""
