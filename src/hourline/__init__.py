"""Hourline carries approved hours to invoices and ledgers, each exactly once."""
