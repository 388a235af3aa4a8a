"""The project file: schema, migrations, connections, locks, copies, backups.

May import: store.
"""
