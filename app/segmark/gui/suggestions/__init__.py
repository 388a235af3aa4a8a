"""Suggestions in the window: the service, its settings, their accuracy.

May import: gui.base.
"""
