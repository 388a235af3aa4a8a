"""The main window: it arranges the parts and passes on what happens.

May import: gui.base, gui.keys, gui.page, gui.queue, gui.panels, gui.suggestions.
"""
