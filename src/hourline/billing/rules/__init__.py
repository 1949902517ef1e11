"""Hold the money rules of invoices and credit notes; each file is one pure rule."""
