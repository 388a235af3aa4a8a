"""The people of a project: names, colours, joining two people, the work of a day.

May import: store, store.file.
"""
