-- name: cleared
-- purpose: What credits, payments, retainers, write-offs and retainage took off an invoice so far, in its currency and in the entity's.
SELECT -coalesce((SELECT sum(total) FROM hourline.invoice WHERE credits_document_no = %(document_no)s), 0)::bigint AS credited,
       -coalesce((SELECT sum(entity_total) FROM hourline.invoice WHERE credits_document_no = %(document_no)s), 0)::bigint
           AS credited_entity,
       coalesce((SELECT sum(amount) FROM hourline.payment WHERE document_no = %(document_no)s), 0)::bigint AS paid,
       coalesce((SELECT sum(CASE %(role_receivable)s WHEN j.credit THEN j.entity_amount WHEN j.debit THEN -j.entity_amount END)
                 FROM hourline.payment p
                 JOIN hourline.journal_line j ON j.tenant = p.tenant AND j.cause = %(cause_payment)s
                     AND j.cause_no = p.payment_no AND j.cause_revision = 0
                 WHERE p.document_no = %(document_no)s), 0)::bigint AS paid_entity,
       coalesce((SELECT sum(gross) FROM hourline.drawdown WHERE document_no = %(document_no)s), 0)::bigint AS drawn,
       coalesce((SELECT sum(entity_net + entity_tax) FROM hourline.drawdown WHERE document_no = %(document_no)s), 0)::bigint
           AS drawn_entity,
       coalesce((SELECT sum(amount) FROM hourline.invoice_write_off WHERE document_no = %(document_no)s), 0)::bigint
           AS written_off,
       coalesce((SELECT sum(entity_amount) FROM hourline.invoice_write_off WHERE document_no = %(document_no)s), 0)::bigint
           AS written_off_entity,
       (coalesce((SELECT sum(retained) FROM hourline.invoice_line
                  WHERE document_no = %(document_no)s OR credits_document_no = %(document_no)s), 0)
        - coalesce((SELECT sum(amount) FROM hourline.retainage_release WHERE document_no = %(document_no)s), 0))::bigint
           AS retained,
       (coalesce((SELECT sum(CASE %(role_retainage)s WHEN j.debit THEN j.entity_amount ELSE -j.entity_amount END)
                  FROM hourline.invoice i
                  JOIN hourline.journal_line j ON j.tenant = i.tenant AND j.cause_no = i.document_no AND j.cause_revision = 0
                      AND j.cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND j.effect = %(effect_retainage)s
                  WHERE i.document_no = %(document_no)s OR i.credits_document_no = %(document_no)s), 0)
        - coalesce((SELECT sum(entity_amount) FROM hourline.retainage_release WHERE document_no = %(document_no)s), 0))::bigint
           AS retained_entity,
       coalesce((SELECT sum(amount) FROM hourline.retainage_release WHERE document_no = %(document_no)s), 0)::bigint AS released

-- name: insert_payment
-- purpose: Record a payment the ERP reported; the same reference of the same invoice is one payment.
INSERT INTO hourline.payment (document_no, reference, paid_on, currency, amount)
VALUES (%(document_no)s, %(reference)s, %(paid_on)s, %(currency)s, %(amount)s)
RETURNING payment_no

-- name: payment
-- purpose: A payment that was recorded under this reference.
SELECT paid_on, amount FROM hourline.payment WHERE document_no = %(document_no)s AND reference = %(reference)s

-- name: documents_numbered
-- purpose: The issued documents that have one of some numbers; legal entities may use the same one.
SELECT document_no, number, kind, contract_no, currency FROM hourline.invoice
WHERE number = ANY(%(numbers)s) ORDER BY document_no

-- name: payments_listed
-- purpose: The payments of an invoice in the order they were paid.
SELECT reference, paid_on, amount, recorded_at FROM hourline.payment
WHERE document_no = %(document_no)s ORDER BY paid_on, payment_no
