"""Work over a whole project for the window and the command line: loading, exporting, suggesting."""
