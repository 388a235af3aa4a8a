"""What every part of the window builds on: theme, background tasks, small widgets.

May import: no other part of its package.
"""
