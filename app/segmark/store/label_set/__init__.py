"""Acts on the label set: what they change in the annotations, doing and undoing them.

May import: store, store.file, store.people.
"""
