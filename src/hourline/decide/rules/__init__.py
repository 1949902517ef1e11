"""Decide what an approved hour is worth and where it goes, one rule per file."""
