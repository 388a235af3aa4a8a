"""The commands of the second look at finished pages.

May import: gui.base, gui.window.
"""
