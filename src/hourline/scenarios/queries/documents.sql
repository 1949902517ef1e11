-- name: live_lines
-- purpose: The invoice lines of an entry of which something still stands, each with the number its receipt gave, if any.
SELECT i.external_number AS booked_as
FROM hourline.invoice_line l
JOIN hourline.invoice h ON h.tenant = l.tenant AND h.document_no = l.document_no AND h.kind = %(invoice)s
LEFT JOIN hourline.posting_intent i
    ON i.tenant = l.tenant AND i.kind = %(invoice)s AND i.document_no = l.document_no AND i.state = %(confirmed)s
WHERE l.entry_no = %(entry_no)s AND NOT EXISTS (
    SELECT FROM hourline.invoice_line c
    WHERE c.tenant = l.tenant AND c.credits_document_no = l.document_no AND c.credits_line_no = l.line_no
    HAVING sum(c.net) = -l.net AND sum(c.seconds) = -l.seconds
);

-- name: live_cost_journals
-- purpose: The journals with a cost of an entry that is not reversed, each with the number its receipt gave.
SELECT i.external_number AS booked_as
FROM hourline.journal_line j
JOIN hourline.journal_member m ON m.tenant = j.tenant AND m.line_no = j.line_no
JOIN hourline.posting_intent i
    ON i.tenant = m.tenant AND i.kind = %(journal)s AND i.document_no = m.journal_no AND i.state = %(confirmed)s
WHERE j.cause = %(entry)s AND j.cause_no = %(entry_no)s AND j.effect = %(cost)s AND NOT j.mirror
  AND NOT EXISTS (
    SELECT FROM hourline.journal_line r
    WHERE r.tenant = j.tenant AND r.cause = j.cause AND r.cause_no = j.cause_no
      AND r.cause_revision = j.cause_revision AND r.part = j.part AND r.effect = j.effect AND r.mirror
  )
GROUP BY m.journal_no, i.external_number;

-- name: issued_documents
-- purpose: The documents of a kind in the order they were issued, with what was credited of each.
SELECT h.document_no, h.number, h.contract_no, h.invoice_date, h.currency, h.net, h.tax, h.total,
       (SELECT count(*) FROM hourline.invoice_line l WHERE l.tenant = h.tenant AND l.document_no = h.document_no)::integer AS lines,
       EXISTS (SELECT FROM hourline.invoice n WHERE n.tenant = h.tenant AND n.credits_document_no = h.document_no)
       AND NOT EXISTS (
           SELECT FROM hourline.invoice_line l
           WHERE l.tenant = h.tenant AND l.document_no = h.document_no AND (l.net <> 0 OR l.seconds <> 0) AND NOT EXISTS (
               SELECT FROM hourline.invoice_line c
               WHERE c.tenant = l.tenant AND c.credits_document_no = l.document_no AND c.credits_line_no = l.line_no
               HAVING sum(c.net) = -l.net AND sum(c.seconds) = -l.seconds
           )
       ) AS credited_in_full
FROM hourline.invoice h
WHERE h.kind = %(kind)s
ORDER BY h.document_no;
