"""Suggest spans in a project: when to learn from which pages, in a worker process or here.

May import: jobs.
"""
