-- name: locked_but_not_kept
-- purpose: Lose the record that waits at the lock.
DELETE FROM hourline.locked_record WHERE tenant = %(tenant)s AND settled_at IS NULL;

-- name: kept_record_differs_from_effect
-- purpose: Let the record that was let in count as kept apart still.
UPDATE hourline.locked_record SET settled_at = NULL, outcome = NULL
WHERE tenant = %(tenant)s AND settled_at IS NOT NULL;

-- name: booked_into_shut_month
-- purpose: Date work of the soft-closed month back into it.
UPDATE hourline.decision SET accounting_date = work_date
WHERE tenant = %(tenant)s AND accounting_date <> work_date;
