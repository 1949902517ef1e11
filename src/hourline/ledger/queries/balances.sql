-- name: balances
-- purpose: The balance of every account role per legal entity in its currency; debit positive, credit negative.
SELECT entity_no, role, sum(amount)::bigint AS amount
FROM (
    SELECT entity_no, debit AS role, entity_amount AS amount FROM hourline.journal_line
    WHERE entity_no = coalesce(%(entity_no)s, entity_no)
    UNION ALL
    SELECT entity_no, credit, -entity_amount FROM hourline.journal_line
    WHERE entity_no = coalesce(%(entity_no)s, entity_no)
) AS sides
GROUP BY entity_no, role
ORDER BY entity_no, role

-- name: unbalanced
-- purpose: Entity, currency and month in which debits and credits differ, summed from both sides; none is the proof.
SELECT entity_no, currency, period, debit, credit
FROM (
    SELECT entity_no, currency, date_trunc('month', accounting_date)::date AS period,
           sum(amount) FILTER (WHERE side = 'debit')::bigint AS debit,
           sum(amount) FILTER (WHERE side = 'credit')::bigint AS credit
    FROM (
        SELECT entity_no, entity_currency AS currency, accounting_date, 'debit' AS side, entity_amount AS amount
        FROM hourline.journal_line WHERE debit > 0
        UNION ALL
        SELECT entity_no, entity_currency, accounting_date, 'credit', entity_amount
        FROM hourline.journal_line WHERE credit > 0
    ) AS sides
    GROUP BY 1, 2, 3
) AS months
WHERE debit IS DISTINCT FROM credit
ORDER BY 1, 2, 3

-- name: documents_out_of_step
-- purpose: Invoices and credit notes whose total is not what their journal lines put on the receivable, in either currency.
SELECT i.document_no, i.total AS stated, coalesce(booked.amount, 0) AS booked,
       i.entity_total AS entity_stated, coalesce(booked.entity_amount, 0) AS entity_booked
FROM hourline.invoice i
LEFT JOIN (
    SELECT cause, cause_no,
           sum(CASE debit WHEN %(role_receivable)s THEN amount ELSE -amount END)::bigint AS amount,
           sum(CASE debit WHEN %(role_receivable)s THEN entity_amount ELSE -entity_amount END)::bigint AS entity_amount
    FROM hourline.journal_line
    WHERE cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND %(role_receivable)s IN (debit, credit) AND NOT mirror
    GROUP BY cause, cause_no
) AS booked
    ON booked.cause_no = i.document_no
    AND booked.cause = CASE i.kind WHEN %(kind_invoice)s THEN %(cause_invoice)s ELSE %(cause_credit_note)s END
WHERE i.total <> coalesce(booked.amount, 0) OR i.entity_total <> coalesce(booked.entity_amount, 0)
ORDER BY i.document_no

-- name: journals_out_of_step
-- purpose: Journals whose total is not the sum of the lines on them.
SELECT j.journal_no, j.total AS stated, coalesce(sum(l.entity_amount), 0)::bigint AS booked
FROM hourline.journal j
LEFT JOIN hourline.journal_member m USING (tenant, journal_no)
LEFT JOIN hourline.journal_line l USING (tenant, line_no)
GROUP BY j.journal_no, j.total
HAVING j.total <> coalesce(sum(l.entity_amount), 0)
ORDER BY 1
