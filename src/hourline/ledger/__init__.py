"""Keep the books: balances by role, journals for ERPs, proof of both."""
