"""The functions of the commands, one module for each group of commands.

May import: gui.acts.review, gui.acts.rules, gui.base, gui.dialogs, gui.export, gui.figures,
gui.history, gui.keys, gui.load, gui.suggestions, gui.window.
"""
