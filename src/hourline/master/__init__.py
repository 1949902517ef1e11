"""Keep canonical master data: who owns it, what it said when, what depends on what."""
