"""The commands on what a project agrees on: its guideline, questions about it, its people.

May import: gui.base, gui.people, gui.rules, gui.window.
"""
