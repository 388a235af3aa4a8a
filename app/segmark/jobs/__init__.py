"""Work over a whole project, for the window and the command line alike.

May import: core, environment, html_tree, store, loading, suggestion, export, session, jobs.loading,
jobs.exporting, jobs.suggesting.
"""
