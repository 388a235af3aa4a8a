"""The environment of the program: settings, log, resources, optional libraries.

May import: core.
"""
