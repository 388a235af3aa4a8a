"""The window. This is the only package that imports PySide6; it contains no domain rules.

May import: core, environment, store, loading, suggestion, export, session, jobs, reports, gui.base,
gui.window, gui.page, gui.dialogs, gui.acts.
"""
