-- name: shares_billed_twice_or_uncounted
-- purpose: Give an invoice of shared work to another customer.
UPDATE hourline.invoice SET customer_no = %(stranger)s WHERE tenant = %(tenant)s AND number = 'US1-000003';

-- name: shares_do_not_make_a_whole
-- purpose: Let a share be a millionth less.
UPDATE hourline.portion_share SET share_ppm = share_ppm - 1 WHERE tenant = %(tenant)s AND takes_difference;

-- name: amounts_billed_twice_or_uncounted
-- purpose: Count a cent less of a retainer than is billed.
UPDATE hourline.billed_milestone SET amount_billed = amount_billed - 1 WHERE tenant = %(tenant)s;

-- name: retainer_differs_from_its_documents
-- purpose: Forget that a cent was drawn.
UPDATE hourline.retainer_balance SET gross_drawn = gross_drawn - 1
WHERE tenant = %(tenant)s AND document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = 'US1-000001');

-- name: drawdown_differs_from_ledger
-- purpose: Book a cent more than was drawn.
UPDATE hourline.journal_line SET amount = amount + 1, entity_amount = entity_amount + 1
WHERE tenant = %(tenant)s AND cause = 24 AND line_no = (
    SELECT min(line_no) FROM hourline.journal_line WHERE tenant = %(tenant)s AND cause = 24);

-- name: drawn_beyond_the_invoice
-- purpose: Let a retainer pay an invoice that comes to less.
UPDATE hourline.drawdown SET document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = 'US1-000001')
WHERE tenant = %(tenant)s AND document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = 'US1-000004');
