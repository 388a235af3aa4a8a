"""Label a crawl with a labeller, without a project: files in, files out, in constant memory.

May import: jobs, jobs.labelling, jobs.scoring.
"""
