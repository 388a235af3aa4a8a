"""The command line, one module for each group of commands.

It never imports Qt.

May import: core, environment, store, loading, suggestion, export, session, jobs, reports.
"""
