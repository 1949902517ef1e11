-- name: write_off_differs_from_ledger
-- purpose: Book a cent more than was given up.
UPDATE hourline.journal_line SET amount = amount + 1, entity_amount = entity_amount + 1
WHERE tenant = %(tenant)s AND cause = 29;

-- name: written_off_beyond_the_invoice
-- purpose: Let what is given up be of an invoice that was cancelled.
UPDATE hourline.invoice_write_off SET document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = 'US1-000001')
WHERE tenant = %(tenant)s;

-- name: cancelled_but_standing
-- purpose: Say that the invoice which stands was cancelled.
UPDATE hourline.invoice_cancellation SET document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = 'US1-000002')
WHERE tenant = %(tenant)s;
