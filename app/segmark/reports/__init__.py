"""Reports as text: the figures of a project, and the state of the installation.

May import: core, environment, store, session.
"""
