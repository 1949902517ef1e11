-- name: documents_called
-- purpose: The invoices and credit notes that a term means, also those between entities: by their number, or by what a receiving system calls them; by its name of a journal only those that bill an amount of no entry, as entries are found by themselves.
WITH sent AS (
    SELECT tenant, kind, document_no FROM hourline.posting_intent
    WHERE external_id = %(term)s OR external_number = %(term)s
), booked AS (
    SELECT DISTINCT j.tenant, j.cause, j.cause_no FROM sent
    JOIN hourline.journal_member m ON m.tenant = sent.tenant AND m.journal_no = sent.document_no
    JOIN hourline.journal_line j ON j.tenant = m.tenant AND j.line_no = m.line_no
    WHERE sent.kind = %(journal)s
), moved AS (
    SELECT tenant, cause_no AS document_no FROM booked WHERE cause IN (%(cause_invoice)s, %(cause_credit_note)s)
    UNION
    SELECT y.tenant, y.document_no FROM booked
    JOIN hourline.payment y ON y.tenant = booked.tenant AND y.payment_no = cause_no WHERE cause = %(cause_payment)s
    UNION
    SELECT w.tenant, w.document_no FROM booked
    JOIN hourline.drawdown w ON w.tenant = booked.tenant AND w.drawdown_no = cause_no WHERE cause = %(cause_drawdown)s
    UNION
    SELECT g.tenant, g.document_no FROM booked
    JOIN hourline.invoice_write_off g ON g.tenant = booked.tenant AND g.write_off_no = cause_no
    WHERE cause = %(cause_write_off)s
    UNION
    SELECT e.tenant, e.document_no FROM booked
    JOIN hourline.retainage_release e ON e.tenant = booked.tenant AND e.release_no = cause_no
    WHERE cause = %(cause_retainage_release)s
)
SELECT document_no, between_entities FROM (
    SELECT i.document_no, false AS between_entities FROM hourline.invoice i WHERE i.number = %(term)s
    UNION
    SELECT i.document_no, true FROM hourline.intercompany_invoice i WHERE i.number = %(term)s
    UNION
    SELECT i.document_no, false FROM sent
    JOIN hourline.invoice i ON i.tenant = sent.tenant AND i.document_no = sent.document_no AND i.kind = sent.kind
    UNION
    SELECT l.document_no, false FROM moved
    JOIN hourline.invoice_line l ON l.tenant = moved.tenant AND l.document_no = moved.document_no AND l.entry_no IS NULL
) AS called ORDER BY between_entities, document_no LIMIT %(limit)s;

-- name: told_documents
-- purpose: Invoices and credit notes by number of the document, with their parties, and what they credit.
SELECT i.document_no, i.kind, i.number, e.id AS seller, c.id AS buyer, k.id AS contract, i.invoice_date,
       i.accounting_date, i.currency, i.net, i.tax, i.total, o.number AS credits_number
FROM hourline.invoice i
JOIN hourline.master_identity e ON e.tenant = i.tenant AND e.master_no = i.entity_no
JOIN hourline.master_identity c ON c.tenant = i.tenant AND c.master_no = i.customer_no
JOIN hourline.master_identity k ON k.tenant = i.tenant AND k.master_no = i.contract_no
LEFT JOIN hourline.invoice o ON o.tenant = i.tenant AND o.document_no = i.credits_document_no
WHERE i.document_no = %(document_no)s;

-- name: told_intercompany
-- purpose: An intercompany invoice or credit note, with the entities that it is between; its accounting date is the lender's.
SELECT i.document_no, i.kind, i.number, e.id AS seller, c.id AS buyer, NULL::text AS contract, i.invoice_date,
       i.lender_date AS accounting_date, i.currency, i.net, i.tax, i.total, NULL::text AS credits_number
FROM hourline.intercompany_invoice i
JOIN hourline.master_identity e ON e.tenant = i.tenant AND e.master_no = i.lender_no
JOIN hourline.master_identity c ON c.tenant = i.tenant AND c.master_no = i.borrower_no
WHERE i.document_no = %(document_no)s;

-- name: told_lines
-- purpose: The lines of an invoice or credit note, each with the entry or the amount of a contract line that it bills.
SELECT l.line_no, t.source_id AS entry, m.id AS contract_line, l.milestone AS amount_of, r.kind AS amount_kind, l.description,
       l.seconds, l.net, l.tax, l.share_ppm
FROM hourline.invoice_line l
JOIN hourline.master_identity m ON m.tenant = l.tenant AND m.master_no = l.contract_line_no
LEFT JOIN hourline.time_entry t ON t.tenant = l.tenant AND t.entry_no = l.entry_no
LEFT JOIN hourline.milestone_reached r
    ON r.tenant = l.tenant AND r.contract_line_no = l.contract_line_no AND r.milestone = l.milestone
WHERE l.document_no = %(document_no)s ORDER BY l.line_no;

-- name: told_intercompany_lines
-- purpose: The lines of an intercompany invoice, each with the entry that it charges or takes back.
SELECT l.line_no, t.source_id AS entry, m.id AS contract_line, NULL::text AS amount_of, NULL::smallint AS amount_kind, l.description,
       l.seconds, l.net, l.tax, 1000000 AS share_ppm
FROM hourline.intercompany_line l
JOIN hourline.time_entry t ON t.tenant = l.tenant AND t.entry_no = l.entry_no
JOIN hourline.decision d ON d.tenant = l.tenant AND d.entry_no = l.entry_no AND d.revision = l.revision
JOIN hourline.master_identity m ON m.tenant = d.tenant AND m.master_no = d.contract_line_no
WHERE l.document_no = %(document_no)s ORDER BY l.line_no;

-- name: told_bookings
-- purpose: What a document booked, and what was booked because of it later: drawdowns, payments, write-offs and releases; summed by entity, accounts and day, with the journals.
WITH causes AS (
    SELECT CASE WHEN %(between_entities)s THEN %(cause_intercompany)s WHEN i.kind = %(credit_note)s
           THEN %(cause_credit_note)s ELSE %(cause_invoice)s END AS cause, %(document_no)s::bigint AS cause_no
    FROM (SELECT (SELECT kind FROM hourline.invoice WHERE document_no = %(document_no)s) AS kind) AS i
    UNION ALL
    SELECT %(cause_drawdown)s, drawdown_no FROM hourline.drawdown
    WHERE document_no = %(document_no)s AND NOT %(between_entities)s
    UNION ALL
    SELECT %(cause_payment)s, payment_no FROM hourline.payment
    WHERE document_no = %(document_no)s AND NOT %(between_entities)s
    UNION ALL
    SELECT %(cause_write_off)s, write_off_no FROM hourline.invoice_write_off
    WHERE document_no = %(document_no)s AND NOT %(between_entities)s
    UNION ALL
    SELECT %(cause_retainage_release)s, release_no FROM hourline.retainage_release
    WHERE document_no = %(document_no)s AND NOT %(between_entities)s
)
SELECT e.id AS entity, j.cause, j.effect, j.mirror, j.debit, j.credit, j.currency, sum(j.amount)::bigint AS amount,
       j.entity_currency, sum(j.entity_amount)::bigint AS entity_amount, j.accounting_date,
       ARRAY(SELECT DISTINCT m.journal_no FROM hourline.journal_member m
             WHERE m.line_no = ANY(array_agg(j.line_no)) ORDER BY 1) AS journal_nos
FROM causes
JOIN hourline.journal_line j ON j.cause = causes.cause AND j.cause_no = causes.cause_no
JOIN hourline.master_identity e ON e.tenant = j.tenant AND e.master_no = j.entity_no
GROUP BY e.id, j.cause, j.effect, j.mirror, j.debit, j.credit, j.currency, j.entity_currency, j.accounting_date
ORDER BY min(j.line_no);

-- name: told_postings
-- purpose: What was sent of a document and of the journals it is on, and the receipts.
SELECT p.intent_no, c.name AS connection, p.kind, p.document_no, p.state, p.attempts, p.external_id, p.external_number
FROM hourline.posting_intent p
JOIN hourline.connection c ON c.tenant = p.tenant AND c.connection_no = p.connection_no
WHERE (p.kind = %(kind)s AND p.document_no = %(document_no)s)
   OR (p.kind = %(journal)s AND p.document_no = ANY(%(journal_nos)s))
ORDER BY p.intent_no;
