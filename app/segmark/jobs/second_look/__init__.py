"""Take a second look at the finished pages of a project: likely mistakes, differing texts.

May import: jobs, jobs.suggesting.
"""
