"""Prove the books: trace every hour, and list every difference between time, billing and ledger."""
