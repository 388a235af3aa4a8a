"""The window; the only package that imports PySide6. It holds no rule of the domain.

May import: core, environment, store, loading, suggestion, export, session, jobs, reports, gui.base,
gui.window, gui.page, gui.dialogs, gui.acts.
"""
