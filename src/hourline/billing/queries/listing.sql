-- name: documents_listed
-- purpose: Issued documents, all, those of one number or those of a list, with their parties' ids and what is due; a credit note is due nothing.
SELECT i.document_no, i.kind, i.number, i.invoice_date, i.through, i.due_date, i.currency, i.net, i.tax, i.total,
       e.id AS entity, c.id AS customer, s.id AS customer_now, k.id AS contract, o.number AS credits_number,
       CASE WHEN i.kind = %(invoice)s THEN i.total + coalesce(credited.total, 0) - coalesce(paid.amount, 0) - coalesce(drawn.gross, 0)
                                           - coalesce(given_up.amount, 0)
                                           - coalesce(retained.amount, 0) + coalesce(released.amount, 0)
            ELSE 0 END AS due,
       -coalesce(credited.total, 0) AS credited,
       coalesce(drawn.gross, 0) AS drawn, coalesce(paid.amount, 0) AS paid, coalesce(given_up.amount, 0) AS written_off,
       CASE WHEN i.kind = %(invoice)s THEN coalesce(retained.amount, 0) - coalesce(released.amount, 0) ELSE 0 END AS retained
FROM hourline.invoice i
JOIN hourline.master_identity e ON e.tenant = i.tenant AND e.master_no = i.entity_no
JOIN hourline.master_identity c ON c.tenant = i.tenant AND c.master_no = i.customer_no
JOIN hourline.master_identity k ON k.tenant = i.tenant AND k.master_no = i.contract_no
LEFT JOIN hourline.master_identity s ON s.tenant = c.tenant AND s.master_no = c.merged_into
LEFT JOIN hourline.invoice o ON o.tenant = i.tenant AND o.document_no = i.credits_document_no
LEFT JOIN (SELECT tenant, credits_document_no, sum(total)::bigint AS total FROM hourline.invoice
           WHERE credits_document_no IS NOT NULL GROUP BY 1, 2) AS credited
    ON credited.tenant = i.tenant AND credited.credits_document_no = i.document_no
LEFT JOIN (SELECT tenant, document_no, sum(amount)::bigint AS amount FROM hourline.payment GROUP BY 1, 2) AS paid
    ON paid.tenant = i.tenant AND paid.document_no = i.document_no
LEFT JOIN (SELECT tenant, document_no, sum(gross)::bigint AS gross FROM hourline.drawdown GROUP BY 1, 2) AS drawn
    ON drawn.tenant = i.tenant AND drawn.document_no = i.document_no
LEFT JOIN (SELECT tenant, document_no, sum(amount)::bigint AS amount FROM hourline.invoice_write_off GROUP BY 1, 2) AS given_up
    ON given_up.tenant = i.tenant AND given_up.document_no = i.document_no
LEFT JOIN (SELECT tenant, coalesce(credits_document_no, document_no) AS document_no, sum(retained)::bigint AS amount
           FROM hourline.invoice_line WHERE retained <> 0 GROUP BY 1, 2) AS retained
    ON retained.tenant = i.tenant AND retained.document_no = i.document_no
LEFT JOIN (SELECT tenant, document_no, sum(amount)::bigint AS amount FROM hourline.retainage_release GROUP BY 1, 2) AS released
    ON released.tenant = i.tenant AND released.document_no = i.document_no
WHERE (%(number)s::text IS NULL OR i.number = %(number)s)
  AND (%(document_nos)s::bigint[] IS NULL OR i.document_no = ANY(%(document_nos)s))
ORDER BY i.document_no

-- name: lines_listed
-- purpose: The lines of an issued document with the entry and person, or the milestone, of each.
SELECT l.line_no, t.source_id AS entry, l.entry_no, l.milestone, l.contract_line_no, m.id AS contract_line,
       p.id AS person, l.seconds, l.net, l.tax_rate_ppm, l.tax, l.description
FROM hourline.invoice_line l
JOIN hourline.master_identity m ON m.tenant = l.tenant AND m.master_no = l.contract_line_no
LEFT JOIN hourline.time_entry t ON t.tenant = l.tenant AND t.entry_no = l.entry_no
LEFT JOIN hourline.decision d ON d.tenant = l.tenant AND d.entry_no = l.entry_no AND d.revision = l.revision
LEFT JOIN hourline.master_identity p ON p.tenant = d.tenant AND p.master_no = d.person_no
WHERE l.document_no = %(document_no)s
ORDER BY l.line_no
