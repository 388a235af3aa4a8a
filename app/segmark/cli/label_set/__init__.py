"""The command that lists and changes the label set of a project.

May import: cli.
"""
