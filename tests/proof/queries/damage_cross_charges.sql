-- name: cross_charge_differs_from_ledger
-- purpose: Book a cent less than a department charges.
UPDATE hourline.journal_line SET amount = amount - 1, entity_amount = entity_amount - 1
WHERE tenant = %(tenant)s AND effect = 18;

-- name: cross_charge_differs_from_decision
-- purpose: Charge a second more than was worked, for the same amount.
UPDATE hourline.cross_charge SET seconds = seconds + 1 WHERE tenant = %(tenant)s;
