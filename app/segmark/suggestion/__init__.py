"""Machine learning: train models on finished pages and suggest spans for other pages.

May import: core, suggestion.evidence.
"""
