"""The people of a project: their names and colours, and joining two of them.

May import: gui.base.
"""
