-- name: withheld_differs_from_ledger
-- purpose: Let a line say that a cent more is withheld of it.
UPDATE hourline.invoice_line SET retained = retained + 1
WHERE tenant = %(tenant)s AND document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = 'US1-000001');

-- name: release_differs_from_ledger
-- purpose: Book a cent more than was released.
UPDATE hourline.journal_line SET entity_amount = entity_amount + 1
WHERE tenant = %(tenant)s AND cause = 34;

-- name: withheld_beyond_the_invoice
-- purpose: Let what was released be of an invoice of which nothing was withheld.
UPDATE hourline.retainage_release SET document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = 'US1-000002')
WHERE tenant = %(tenant)s;

-- name: retainage_left_over
-- purpose: Leave a cent of what was released whole in the books of the entity.
WITH released AS (
    UPDATE hourline.retainage_release SET entity_amount = entity_amount - 1 WHERE tenant = %(tenant)s RETURNING release_no)
UPDATE hourline.journal_line SET entity_amount = entity_amount - 1
WHERE tenant = %(tenant)s AND cause = 34 AND cause_no IN (SELECT release_no FROM released);
