"""The environment of the program: settings, log, resources, libraries, secret key.

May import: core.
"""
