"""Dialogs that belong to no single part: settings, help, new project, errors.

May import: gui.base, gui.keys.
"""
