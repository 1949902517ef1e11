"""Offer Hourline on the command line: one module per command, of the same name."""
