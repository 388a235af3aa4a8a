"""Changing a label set while the project goes on: the acts, what they do to spans, colours, keys.

Standard library only.

May import: core, core.text.
"""
