-- name: payment_differs_from_ledger
-- purpose: Payments that the ledger has not moved so from receivable to cash, in the currency of their invoice, and such journal lines of none, in minor units.
SELECT 'payment ' || coalesce(p.reference, '?') || ' of ' || coalesce(i.number, '?') AS subject,
       coalesce(p.amount, 0)::numeric AS expected, coalesce(j.cash, 0) AS found
FROM hourline.payment p
JOIN hourline.invoice i ON i.tenant = p.tenant AND i.document_no = p.document_no
FULL JOIN (
    SELECT cause_no AS payment_no,
           sum(CASE %(role_cash)s WHEN debit THEN amount WHEN credit THEN -amount ELSE 0 END) AS cash,
           sum(CASE %(receivable)s WHEN credit THEN amount WHEN debit THEN -amount ELSE 0 END) AS receivable
    FROM hourline.journal_line WHERE cause = %(cause_payment)s GROUP BY cause_no
) AS j USING (payment_no)
WHERE (coalesce(j.cash, 0), coalesce(j.receivable, 0)) <> (coalesce(p.amount, 0), coalesce(p.amount, 0))
   OR p.currency <> i.currency;

-- name: paid_but_left_over
-- purpose: Invoices of which payments took all that was due in their currency and not in the entity's books, in minor units of the entity's currency.
WITH taken AS (
    SELECT p.document_no, sum(p.amount) AS amount,
           sum((SELECT sum(CASE %(receivable)s WHEN j.credit THEN j.entity_amount WHEN j.debit THEN -j.entity_amount END)
                FROM hourline.journal_line j
                WHERE j.tenant = p.tenant AND j.cause = %(cause_payment)s AND j.cause_no = p.payment_no)) AS entity_amount
    FROM hourline.payment p GROUP BY p.document_no
)
SELECT i.number AS subject, i.entity_total::numeric AS expected, t.entity_amount AS found
FROM taken t
JOIN hourline.invoice i USING (document_no)
WHERE t.amount = i.total AND t.entity_amount <> i.entity_total
  AND NOT EXISTS (SELECT FROM hourline.invoice c WHERE c.tenant = i.tenant AND c.credits_document_no = i.document_no)
  AND NOT EXISTS (SELECT FROM hourline.drawdown d WHERE d.tenant = i.tenant AND d.document_no = i.document_no)
  AND NOT EXISTS (SELECT FROM hourline.invoice_write_off w WHERE w.tenant = i.tenant AND w.document_no = i.document_no)
  AND NOT EXISTS (SELECT FROM hourline.invoice_line l WHERE l.tenant = i.tenant AND l.document_no = i.document_no AND l.retained <> 0);
