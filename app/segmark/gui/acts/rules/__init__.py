"""The commands on what a project agrees on: labels, guideline, questions about it, people.

May import: gui.base, gui.people, gui.rules, gui.window.
"""
