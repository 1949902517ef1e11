"""Make what customers get: invoices and credit notes as PDF, UBL and Factur-X."""
