-- name: standing_on_invoices
-- purpose: What of these entries, and of their parts, stands on invoices of these entities: the revision, and the contract of the first one.
WITH counted AS (
    SELECT asked.entry_no AS of_entry_no, asked.entry_no FROM unnest(%(entry_nos)s::bigint[]) AS asked (entry_no)
    UNION ALL
    SELECT p.of_entry_no, p.entry_no FROM hourline.entry_part p
    JOIN unnest(%(entry_nos)s::bigint[]) AS asked (entry_no) ON asked.entry_no = p.of_entry_no)
SELECT c.of_entry_no, l.entry_no, l.revision, min(l.contract_no)
FROM counted c
JOIN hourline.invoice_line l ON l.entry_no = c.entry_no AND l.credits_document_no IS NULL
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no AND i.entity_no = ANY (%(entity_nos)s)
LEFT JOIN LATERAL (
    SELECT sum(k.seconds) AS seconds, sum(k.units) AS units, sum(k.net) AS net FROM hourline.invoice_line k
    WHERE k.tenant = l.tenant AND k.credits_document_no = l.document_no AND k.credits_line_no = l.line_no
) AS credited ON true
WHERE l.seconds + coalesce(credited.seconds, 0) > 0 OR l.units + coalesce(credited.units, 0) > 0
   OR l.net + coalesce(credited.net, 0) <> 0
GROUP BY c.of_entry_no, l.entry_no, l.revision
ORDER BY c.of_entry_no, l.entry_no

-- name: left_standing
-- purpose: Which of these revisions count still.
SELECT asked.entry_no, asked.revision
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS asked (entry_no, revision)
WHERE NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.entry_no = asked.entry_no AND s.revision = asked.revision)

-- name: credits_of_this_act
-- purpose: The credit notes that this transaction issued.
SELECT i.document_no, i.number, o.number AS invoice, o.through, i.contract_no, i.entity_no, i.customer_no, i.currency,
       i.net, i.tax, i.total
FROM hourline.invoice i
JOIN hourline.invoice o ON o.tenant = i.tenant AND o.document_no = i.credits_document_no
WHERE i.issued_at = transaction_timestamp() AND i.kind = %(kind_credit_note)s
ORDER BY i.document_no

-- name: approve_credits
-- purpose: Record who approved credit notes before they were issued.
INSERT INTO hourline.approved_credit (document_no, approver, fingerprint)
SELECT document_no, %(approver)s, %(fingerprint)s FROM unnest(%(document_nos)s::bigint[]) AS issued (document_no)
