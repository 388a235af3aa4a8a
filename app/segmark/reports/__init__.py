"""Reports as text: the figures and the log of a project, and the state of the installation.

May import: core, environment, store, session.
"""
