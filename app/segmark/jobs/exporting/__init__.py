"""Exporting a project, and forecasting what an export would give.

May import: jobs, jobs.suggesting.
"""
