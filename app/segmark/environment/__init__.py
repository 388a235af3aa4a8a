"""What surrounds the program on a machine: settings, log, resources, optional libraries.

May import: core.
"""
