"""The main window: it arranges its parts and connects them to the session.

May import: gui.base, gui.keys, gui.page, gui.queue, gui.panels, gui.suggestions.
"""
