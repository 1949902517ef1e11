"""Simulate a consulting firm and run its systems as real HTTP servers."""
