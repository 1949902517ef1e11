"""Prove the books: trace every hour, list every difference."""
