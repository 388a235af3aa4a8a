"""Dialogs that belong to no other package: settings, help, new project, restore, errors.

May import: gui.base, gui.keys.
"""
