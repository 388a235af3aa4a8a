"""The commands of the second look at finished pages: likely mistakes, differing texts.

May import: gui.base, gui.rules, gui.window.
"""
