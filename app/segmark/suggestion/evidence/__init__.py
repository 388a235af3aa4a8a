"""What a unit's text, its place in the HTML and the page's source show, as names of features.

May import: core.
"""
