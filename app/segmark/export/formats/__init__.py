"""The export formats, one a module, and the parts that several of them share.

``registry`` lists them.

May import: export, export.card.
"""
