"""A second look at finished pages: likely mistakes, and texts that are labelled in two ways.

May import: suggestion, suggestion.evidence.
"""
