"""How good predictions are: scores with intervals, what may be expected, and audits.

May import: jobs, jobs.loading, jobs.suggesting.
"""
