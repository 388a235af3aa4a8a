"""Files of other tools that hold labels: one module for each format.

May import: loading, loading.labels.
"""
