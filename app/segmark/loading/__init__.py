"""Turn files into pages; what can't be a page is rejected with a reason.

May import: core, environment, html_tree, loading.containers, loading.html,
loading.labelled, loading.labels.
"""
