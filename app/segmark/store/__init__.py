"""The project file; the only user of sqlite-utils."""
