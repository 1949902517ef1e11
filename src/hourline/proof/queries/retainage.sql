-- name: withheld_differs_from_ledger
-- purpose: Invoices and credit notes of which the ledger has not moved what their lines say is withheld, or is no longer, from receivable to retainage, in minor units of their currency; and such journal lines of none.
SELECT coalesce(l.number, 'document ' || coalesce(l.document_no, j.document_no)) AS subject,
       coalesce(l.retained, 0)::numeric AS expected, coalesce(j.amount, 0) AS found
FROM (SELECT i.document_no, i.number, sum(l.retained) AS retained
      FROM hourline.invoice_line l
      JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
      GROUP BY i.document_no, i.number HAVING sum(l.retained) <> 0) AS l
FULL JOIN (
    SELECT cause_no AS document_no,
           sum(CASE %(role_retainage)s WHEN debit THEN amount WHEN credit THEN -amount ELSE 0 END) AS amount,
           sum(CASE %(receivable)s WHEN credit THEN amount WHEN debit THEN -amount ELSE 0 END) AS receivable
    FROM hourline.journal_line
    WHERE cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND effect = %(effect_retainage)s GROUP BY cause_no
) AS j USING (document_no)
WHERE (coalesce(j.amount, 0), coalesce(j.receivable, 0)) <> (coalesce(l.retained, 0), coalesce(l.retained, 0));

-- name: release_differs_from_ledger
-- purpose: Releases of what was withheld that the ledger has not moved from retainage to receivable so, and such journal lines of none, in minor units of the entity's currency.
SELECT 'release ' || coalesce(r.release_no, j.release_no) AS subject,
       coalesce(r.entity_amount, 0)::numeric AS expected, coalesce(j.retainage, 0) AS found
FROM hourline.retainage_release r
FULL JOIN (
    SELECT cause_no AS release_no,
           sum(CASE %(role_retainage)s WHEN credit THEN amount WHEN debit THEN -amount ELSE 0 END) AS amount,
           sum(CASE %(role_retainage)s WHEN credit THEN entity_amount WHEN debit THEN -entity_amount ELSE 0 END) AS retainage,
           sum(CASE %(receivable)s WHEN debit THEN entity_amount WHEN credit THEN -entity_amount ELSE 0 END) AS receivable
    FROM hourline.journal_line WHERE cause = %(cause_release)s GROUP BY cause_no
) AS j USING (release_no)
WHERE (coalesce(j.amount, 0), coalesce(j.retainage, 0), coalesce(j.receivable, 0))
      <> (coalesce(r.amount, 0), coalesce(r.entity_amount, 0), coalesce(r.entity_amount, 0));

-- name: withheld_beyond_the_invoice
-- purpose: Invoices of which more is withheld than what credits and retainers leave of them, or less than nothing, in minor units.
SELECT i.number AS subject, (i.total + coalesce(c.total, 0) - coalesce(d.gross, 0))::numeric AS expected,
       w.retained AS found
FROM (SELECT tenant, document_no, sum(retained) AS retained
      FROM (SELECT tenant, coalesce(credits_document_no, document_no) AS document_no, retained FROM hourline.invoice_line
            WHERE retained <> 0
            UNION ALL
            SELECT tenant, document_no, -amount FROM hourline.retainage_release) AS moved GROUP BY 1, 2) AS w
JOIN hourline.invoice i ON i.tenant = w.tenant AND i.document_no = w.document_no
LEFT JOIN LATERAL (SELECT sum(total) AS total FROM hourline.invoice c
                   WHERE c.tenant = w.tenant AND c.credits_document_no = w.document_no) AS c ON true
LEFT JOIN LATERAL (SELECT sum(gross) AS gross FROM hourline.drawdown d
                   WHERE d.tenant = w.tenant AND d.document_no = w.document_no) AS d ON true
WHERE w.retained NOT BETWEEN 0 AND i.total + coalesce(c.total, 0) - coalesce(d.gross, 0);

-- name: retainage_left_over
-- purpose: Invoices of which nothing is withheld in their currency but something still is in the entity's books, in minor units of the entity's currency.
SELECT i.number AS subject, 0::numeric AS expected, sum(b.entity_amount) AS found
FROM (
    SELECT j.tenant, coalesce(i.credits_document_no, i.document_no) AS document_no,
           CASE %(role_retainage)s WHEN j.debit THEN j.amount ELSE -j.amount END AS amount,
           CASE %(role_retainage)s WHEN j.debit THEN j.entity_amount ELSE -j.entity_amount END AS entity_amount
    FROM hourline.journal_line j
    JOIN hourline.invoice i ON i.tenant = j.tenant AND i.document_no = j.cause_no
    WHERE j.cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND j.effect = %(effect_retainage)s
    UNION ALL
    SELECT r.tenant, r.document_no, -r.amount, -r.entity_amount FROM hourline.retainage_release r
) AS b
JOIN hourline.invoice i ON i.tenant = b.tenant AND i.document_no = b.document_no
GROUP BY i.document_no, i.number
HAVING sum(b.amount) = 0 AND sum(b.entity_amount) <> 0;
