"""An open project: pages, annotations, the log, the queue; every write is one transaction.

The only user of sqlite-utils. ``Store`` is the entry point.

May import: core, environment, store.file, store.figures.
"""
