"""Receive deliveries by any method and make canonical time entries of them."""
