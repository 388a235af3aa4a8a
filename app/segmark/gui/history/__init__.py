"""The history of a page: its acts, and what it was after each of them.

May import: gui.base, gui.page.
"""
