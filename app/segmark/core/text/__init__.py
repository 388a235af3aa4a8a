"""Functions on strings: normalising, UTF-16 offsets, words, alignment, search, likeness, TOML.

Standard library only; offsets are code points.

May import: no other part of its package.
"""
