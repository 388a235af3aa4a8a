"""Work on a whole project, shared by the window and the command line.

May import: core, environment, html_tree, store, loading, suggestion, export, session, jobs.loading,
jobs.exporting, jobs.suggesting.
"""
