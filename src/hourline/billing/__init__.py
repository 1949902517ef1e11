"""Bill what is open: drafts, invoices, credit notes, milestones and payments."""
