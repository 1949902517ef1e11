"""Keep the books: balances by role, journals for ERPs, and the proof that they balance."""
