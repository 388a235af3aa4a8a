"""The export formats, one a module, and what several of them share.

``registry`` lists them.

May import: export, export.card.
"""
