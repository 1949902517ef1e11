"""Give invoices and moves of Tryton a key that no second document may carry."""
