"""What is learnt from finished pages, and the suggestions that come of it."""
