"""The domain: its nouns as values, and pure functions on them.

Standard library only.

May import: core.people, core.text.
"""
