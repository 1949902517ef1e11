-- name: unplanned_documents
-- purpose: Documents without an intent at a connection; a credit note only once its invoice is there.
SELECT i.document_no FROM hourline.invoice i
WHERE i.kind = %(kind)s AND (%(entity_no)s::integer IS NULL OR i.entity_no = %(entity_no)s)
  AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                  WHERE p.tenant = i.tenant AND p.document_no = i.document_no AND p.kind = i.kind
                    AND p.connection_no = %(connection_no)s)
  AND (i.credits_document_no IS NULL OR EXISTS (
      SELECT FROM hourline.posting_intent p
      WHERE p.tenant = i.tenant AND p.document_no = i.credits_document_no
        AND p.kind = %(invoice)s AND p.connection_no = %(connection_no)s AND p.state = %(confirmed)s))
ORDER BY i.document_no;

-- name: unplanned_journals
-- purpose: Journals that have no intent at a connection yet.
SELECT j.journal_no FROM hourline.journal j
WHERE (%(entity_no)s::integer IS NULL OR j.entity_no = %(entity_no)s)
  AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                  WHERE p.tenant = j.tenant AND p.document_no = j.journal_no AND p.kind = %(kind)s
                    AND p.connection_no = %(connection_no)s)
ORDER BY j.journal_no;

-- name: document_head
-- purpose: An invoice or credit note with the ids of its parties.
SELECT i.document_no, i.kind, i.number, e.id AS entity, c.id AS customer, i.currency, i.invoice_date,
       i.accounting_date, i.due_date, i.net, i.tax, i.total, o.number AS credits_number
FROM hourline.invoice i
JOIN hourline.master_identity e ON e.tenant = i.tenant AND e.master_no = i.entity_no
JOIN hourline.master_identity c ON c.tenant = i.tenant AND c.master_no = i.customer_no
LEFT JOIN hourline.invoice o ON o.tenant = i.tenant AND o.document_no = i.credits_document_no
WHERE i.document_no = %(document_no)s;

-- name: document_lines
-- purpose: The lines of an invoice or credit note with the entry each bills.
SELECT l.description, l.seconds, l.rate_amount, l.rate_seconds, l.net, l.tax, l.tax_rate_ppm,
       coalesce(e.source_id, l.milestone) AS source
FROM hourline.invoice_line l
LEFT JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = l.entry_no
WHERE l.document_no = %(document_no)s ORDER BY l.line_no;

-- name: confirmed_documents
-- purpose: Documents every receiving system has but their source does not know of; one at a time per contract, in their order.
SELECT DISTINCT ON (i.contract_no, e.connection_no) i.document_no, e.connection_no
FROM hourline.invoice i
JOIN hourline.invoice_line l ON l.tenant = i.tenant AND l.document_no = i.document_no
JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = l.entry_no
WHERE e.connection_no = ANY(%(connection_nos)s)
  AND EXISTS (SELECT FROM hourline.posting_intent p
              WHERE p.tenant = i.tenant AND p.document_no = i.document_no AND p.kind = i.kind)
  AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                  WHERE p.tenant = i.tenant AND p.document_no = i.document_no AND p.kind = i.kind
                    AND p.state <> %(confirmed)s)
  AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                  WHERE p.tenant = i.tenant AND p.document_no = i.document_no
                    AND p.kind = %(write_back)s AND p.connection_no = e.connection_no)
  AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                  JOIN hourline.invoice o ON o.tenant = p.tenant AND o.document_no = p.document_no
                  WHERE p.tenant = i.tenant AND p.kind = %(write_back)s AND p.connection_no = e.connection_no
                    AND o.contract_no = i.contract_no AND p.state <> ALL(%(at_rest)s))
  AND NOT EXISTS (SELECT FROM hourline.invoice o
                  WHERE o.tenant = i.tenant AND o.contract_no = i.contract_no AND o.document_no < i.document_no
                    AND EXISTS (SELECT FROM hourline.posting_intent p
                                WHERE p.tenant = o.tenant AND p.document_no = o.document_no AND p.kind = o.kind
                                  AND p.state <> ALL(%(at_rest)s)))
ORDER BY i.contract_no, e.connection_no, i.document_no;

-- name: billed_entries
-- purpose: The time entries of one source on a document, with what is billed of each.
SELECT e.source_id, sum(l.seconds)::bigint AS seconds, sum(l.net)::bigint AS net
FROM hourline.invoice_line l
JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = l.entry_no
WHERE l.document_no = %(document_no)s AND e.connection_no = %(connection_no)s
GROUP BY 1 ORDER BY 1;

-- name: document_entity_currency
-- purpose: The currency of the books an invoice or credit note is in.
SELECT entity_currency::integer FROM hourline.invoice WHERE document_no = %(document_no)s;
