"""Commands and their keys: actions, bindings, the key sheet, the settings of keys.

May import: gui.base.
"""
