"""People: who works on a project, and when two names are one person's.

Standard library only.

May import: no other part of its package.
"""
