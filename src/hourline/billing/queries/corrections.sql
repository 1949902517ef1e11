-- name: happened_after
-- purpose: The numbers of an invoice's credit notes, and what later invoices drew of the retainers on it.
SELECT ARRAY(SELECT number FROM hourline.invoice WHERE credits_document_no = %(document_no)s ORDER BY document_no) AS credit_notes,
       coalesce((SELECT sum(gross_drawn) FROM hourline.retainer_balance WHERE document_no = %(document_no)s), 0)::bigint
           AS drawn

-- name: insert_cancellation
-- purpose: Record that a credit note cancels an invoice whole.
INSERT INTO hourline.invoice_cancellation (document_no, credit_note_no, actor, reason)
VALUES (%(document_no)s, %(credit_note_no)s, %(actor)s, %(reason)s)

-- name: insert_write_off
-- purpose: Record what of an invoice is given up, or below zero with a credit note what that takes back.
INSERT INTO hourline.invoice_write_off
    (document_no, credit_note_no, dated, currency, amount, entity_amount, actor, reason)
VALUES
    (%(document_no)s, %(credit_note_no)s, %(dated)s, %(currency)s, %(amount)s, %(entity_amount)s, %(actor)s, %(reason)s)
RETURNING write_off_no
