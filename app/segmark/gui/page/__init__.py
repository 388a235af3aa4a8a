"""The page's text: the view, its margin, marks, pointer and find bar.

May import: gui.base.
"""
