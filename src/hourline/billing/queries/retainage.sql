-- name: retained_to_date
-- purpose: What stands withheld of a contract's invoices to a customer less credits, also what was released since, and exactly so in 1/10000 minor units.
SELECT coalesce(sum(l.retained), 0)::bigint AS amount, coalesce(sum(l.retained_exact), 0)::bigint AS exact
FROM hourline.invoice i
JOIN hourline.invoice_line l ON l.tenant = i.tenant AND l.document_no = i.document_no
WHERE i.contract_no = %(contract_no)s AND hourline.survivor(i.customer_no) = hourline.survivor(%(customer_no)s)

-- name: withheld
-- purpose: What is withheld of each invoice of a contract, of one customer or of all, and what that stands at in the books, in the order of issue.
SELECT i.document_no, i.number, i.entity_no, i.currency, i.entity_currency, (kept.amount - coalesce(due.amount, 0))::bigint AS amount,
       (booked.entity_amount - coalesce(due.entity_amount, 0))::bigint AS entity_amount
FROM hourline.invoice i
JOIN LATERAL (SELECT sum(l.retained) AS amount FROM hourline.invoice_line l
              WHERE l.tenant = i.tenant AND (l.document_no = i.document_no OR l.credits_document_no = i.document_no)) AS kept ON true
JOIN LATERAL (SELECT sum(CASE %(role_retainage)s WHEN j.debit THEN j.entity_amount ELSE -j.entity_amount END) AS entity_amount
              FROM hourline.invoice n
              JOIN hourline.journal_line j ON j.tenant = n.tenant AND j.cause_no = n.document_no AND j.cause_revision = 0
                  AND j.cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND j.effect = %(effect_retainage)s
              WHERE n.tenant = i.tenant AND (n.document_no = i.document_no OR n.credits_document_no = i.document_no)) AS booked
    ON true
LEFT JOIN LATERAL (SELECT sum(r.amount) AS amount, sum(r.entity_amount) AS entity_amount FROM hourline.retainage_release r
                   WHERE r.tenant = i.tenant AND r.document_no = i.document_no) AS due ON true
WHERE i.contract_no = %(contract_no)s AND i.credits_document_no IS NULL AND i.currency = %(currency)s
  AND (%(customer_no)s::integer IS NULL OR hourline.survivor(i.customer_no) = hourline.survivor(%(customer_no)s))
  AND kept.amount > coalesce(due.amount, 0)
ORDER BY i.document_no

-- name: insert_release
-- purpose: Record that what is withheld of an invoice, or a part of it, is due.
INSERT INTO hourline.retainage_release (contract_no, document_no, dated, currency, amount, entity_amount, actor, reason)
VALUES (%(contract_no)s, %(document_no)s, %(dated)s, %(currency)s, %(amount)s, %(entity_amount)s, %(actor)s, %(reason)s)
RETURNING release_no
