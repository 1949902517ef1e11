"""Hourline carries approved hours to invoices and ledgers, and proves it."""
