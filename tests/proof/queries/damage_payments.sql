-- name: payment_differs_from_ledger
-- purpose: Let a payment be a cent more than was booked of it.
UPDATE hourline.payment SET amount = amount + 1 WHERE tenant = %(tenant)s AND reference = 'part';

-- name: paid_but_left_over
-- purpose: Leave a cent of an invoice that was paid whole in the books of the entity.
UPDATE hourline.journal_line SET entity_amount = entity_amount - 1
WHERE tenant = %(tenant)s AND line_no = (
    SELECT j.line_no FROM hourline.payment p
    JOIN hourline.journal_line j ON j.tenant = p.tenant AND j.cause = %(cause)s AND j.cause_no = p.payment_no
    WHERE p.tenant = %(tenant)s AND p.reference = 'whole');
