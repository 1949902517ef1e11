-- name: write_off_differs_from_ledger
-- purpose: Write-offs of invoices, and what credits took back of them, that the ledger has not moved from receivable to write_off so, and such journal lines of none; in minor units of the entity's currency.
SELECT 'write-off ' || coalesce(w.write_off_no, j.write_off_no) AS subject,
       coalesce(w.entity_amount, 0)::numeric AS expected, coalesce(j.receivable, 0) AS found
FROM hourline.invoice_write_off w
FULL JOIN (
    SELECT cause_no AS write_off_no,
           sum(CASE %(receivable)s WHEN credit THEN amount WHEN debit THEN -amount ELSE 0 END) AS amount,
           sum(CASE %(receivable)s WHEN credit THEN entity_amount WHEN debit THEN -entity_amount ELSE 0 END) AS receivable,
           sum(CASE %(role_write_off)s WHEN debit THEN entity_amount WHEN credit THEN -entity_amount ELSE 0 END) AS written_off
    FROM hourline.journal_line WHERE cause = %(cause_write_off)s GROUP BY cause_no
) AS j USING (write_off_no)
WHERE (coalesce(j.amount, 0), coalesce(j.receivable, 0), coalesce(j.written_off, 0))
      <> (coalesce(w.amount, 0), coalesce(w.entity_amount, 0), coalesce(w.entity_amount, 0));

-- name: written_off_beyond_the_invoice
-- purpose: Invoices of which more is given up than what credits and retainers leave of them, or less than nothing, in minor units.
SELECT i.number AS subject, (i.total + coalesce(c.total, 0) - coalesce(d.gross, 0))::numeric AS expected, w.amount AS found
FROM (SELECT tenant, document_no, sum(amount) AS amount FROM hourline.invoice_write_off GROUP BY 1, 2) AS w
JOIN hourline.invoice i ON i.tenant = w.tenant AND i.document_no = w.document_no
LEFT JOIN LATERAL (SELECT sum(total) AS total FROM hourline.invoice c
                   WHERE c.tenant = w.tenant AND c.credits_document_no = w.document_no) AS c ON true
LEFT JOIN LATERAL (SELECT sum(gross) AS gross FROM hourline.drawdown d
                   WHERE d.tenant = w.tenant AND d.document_no = w.document_no) AS d ON true
WHERE w.amount NOT BETWEEN 0 AND i.total + coalesce(c.total, 0) - coalesce(d.gross, 0);

-- name: cancelled_but_standing
-- purpose: Cancelled invoices that their one credit note does not credit whole, or of which retainers still pay something, in minor units.
SELECT i.number AS subject, 0::numeric AS expected,
       (i.total + coalesce(c.total, 0) + coalesce(d.gross, 0))::numeric AS found
FROM hourline.invoice_cancellation x
JOIN hourline.invoice i ON i.tenant = x.tenant AND i.document_no = x.document_no
LEFT JOIN hourline.invoice c ON c.tenant = x.tenant AND c.document_no = x.credit_note_no
    AND c.credits_document_no = x.document_no
LEFT JOIN LATERAL (SELECT sum(gross) AS gross FROM hourline.drawdown d
                   WHERE d.tenant = x.tenant AND d.document_no = x.document_no) AS d ON true
WHERE i.total + coalesce(c.total, 0) <> 0 OR coalesce(d.gross, 0) <> 0;
