"""Decide what becomes of approved time: validate, resolve, price, tax, account."""
