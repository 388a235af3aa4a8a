"""Bytes to pages; every input that is not one is rejected with a reason."""
