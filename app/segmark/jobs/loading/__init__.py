"""Load files into a project, with the labels that they bring.

May import: jobs.
"""
