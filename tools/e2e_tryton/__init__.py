"""A month of time, from an export to the books of a real ERP, through faults."""
