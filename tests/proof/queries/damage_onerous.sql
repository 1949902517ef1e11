-- name: provision_differs_from_figures
-- purpose: Say that a cent less of the loss was realised than the lines say.
UPDATE hourline.onerous_provision SET realised = realised - 1
WHERE tenant = %(tenant)s;

-- name: provision_differs_from_ledger
-- purpose: Book a cent less than is provided for.
UPDATE hourline.journal_line SET amount = amount - 1, entity_amount = entity_amount - 1
WHERE tenant = %(tenant)s AND cause = 33;
