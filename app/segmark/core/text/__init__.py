"""Functions on strings: normalising, words, alignment, search, likeness.

Standard library only; offsets are code points.

May import: no other part of its package.
"""
