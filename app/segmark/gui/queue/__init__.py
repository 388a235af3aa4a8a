"""The list of pages: model, filter, order.

May import: gui.base.
"""
