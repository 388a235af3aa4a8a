"""From bytes to pages; whatever is not a page is rejected with a reason.

May import: core, environment, html_tree, loading.containers, loading.html, loading.labels.
"""
