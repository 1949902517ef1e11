"""Book each document once at systems we do not control, and prove it."""
