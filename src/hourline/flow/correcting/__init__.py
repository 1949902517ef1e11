"""Correct open work: decide it anew, alone or in bulk, once it was previewed."""
