"""The labeller: what a project has learnt, without its pages, as a file and for any page.

May import: jobs, jobs.scoring, jobs.suggesting.
"""
