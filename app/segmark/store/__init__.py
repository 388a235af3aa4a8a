"""An open project: pages, annotations, the log, the queue. Every write is one transaction.

The only user of sqlite3 and sqlite-utils. ``Store`` is the entry point.

May import: core, environment, store.file, store.figures, store.label_set, store.people.
"""
