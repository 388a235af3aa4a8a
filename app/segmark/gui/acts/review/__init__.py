"""The commands that look at finished work: likely mistakes, differing texts, models beside labels.

May import: gui.base, gui.rules, gui.suggestions, gui.window.
"""
