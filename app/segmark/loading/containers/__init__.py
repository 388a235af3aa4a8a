"""Files that hold many pages: archives, web archives, tables and streams of records.

May import: loading, loading.labels.
"""
