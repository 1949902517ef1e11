-- name: kept_record_lost
-- purpose: Lose the record that waits at the lock.
DELETE FROM hourline.kept_record WHERE tenant = %(tenant)s AND settled_at IS NULL;

-- name: kept_record_differs_from_effect
-- purpose: Let the record that was let in count as kept apart still.
UPDATE hourline.kept_record SET settled_at = NULL, outcome = NULL
WHERE tenant = %(tenant)s AND settled_at IS NOT NULL;

-- name: booked_into_shut_month
-- purpose: Date work of the soft-closed month back into it.
UPDATE hourline.decision SET accounting_date = work_date
WHERE tenant = %(tenant)s AND accounting_date <> work_date;

-- name: line_in_shut_subledger
-- purpose: Date a cost back into the month that is closed for costs.
UPDATE hourline.journal_line SET accounting_date = document_date
WHERE tenant = %(tenant)s AND cause = 1 AND effect = 1 AND document_date = '2025-02-05';

-- name: document_in_closed_month
-- purpose: Date the invoice back into the closed month.
UPDATE hourline.invoice SET accounting_date = '2025-01-31' WHERE tenant = %(tenant)s;
