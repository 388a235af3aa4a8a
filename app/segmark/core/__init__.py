"""Every noun of the domain as a value, and the pure functions on them.

Standard library only.

May import: core.text.
"""
