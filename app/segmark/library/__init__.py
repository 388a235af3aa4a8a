"""What other programs import as ``segmark``: projects, pages, the labeller, evaluation, tables.

``segmark/__init__.py`` lists the public names and loads a module here when one is first used, so
that importing the package costs nothing.

May import: core, environment, loading, export, store, jobs.
"""
