"""Learning from finished pages and suggesting, in a process beside the window.

May import: jobs.
"""
