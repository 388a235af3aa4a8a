"""Commands and their keys: actions, bindings, the key sheet.

May import: gui.base.
"""
