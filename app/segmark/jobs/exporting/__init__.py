"""Exporting a project, presets for exports, and forecasts of splits.

May import: jobs, jobs.suggesting.
"""
