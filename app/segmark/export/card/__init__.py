"""The dataset card: its sections, its plots, the types of the columns.

May import: export.
"""
