-- name: customer_document
-- purpose: The head of an issued document with the ids of its parties, the invoice it credits, and its booked tax.
SELECT i.document_no, i.kind, i.number, i.entity_no, i.customer_no, i.contract_no, i.invoice_date, i.due_date, i.currency,
       i.entity_currency, i.change_no, e.id AS entity, c.id AS customer, k.id AS contract,
       o.number AS credits_number, o.invoice_date AS credits_date,
       (SELECT coalesce(sum(CASE j.credit WHEN %(role_tax)s THEN j.entity_amount ELSE -j.entity_amount END), 0)::bigint
        FROM hourline.journal_line j
        WHERE j.tenant = i.tenant AND j.cause = ANY(%(causes)s::smallint[]) AND j.cause_no = i.document_no
          AND j.cause_revision = 0 AND j.effect = %(effect_tax)s AND NOT j.mirror) AS entity_tax
FROM hourline.invoice i
JOIN hourline.master_identity e ON e.tenant = i.tenant AND e.master_no = i.entity_no
JOIN hourline.master_identity c ON c.tenant = i.tenant AND c.master_no = i.customer_no
JOIN hourline.master_identity k ON k.tenant = i.tenant AND k.master_no = i.contract_no
LEFT JOIN hourline.invoice o ON o.tenant = i.tenant AND o.document_no = i.credits_document_no
WHERE i.document_no = %(document_no)s

-- name: customer_document_lines
-- purpose: The lines of an issued document with the entry or milestone behind each.
SELECT l.line_no, l.description, l.milestone, l.seconds, l.units, l.rate_amount, l.rate_seconds, l.share_ppm, l.net, l.tax_rate_ppm,
       l.tax, l.retained, l.tax_rule_no, l.net_at_rate IS NOT NULL AS by_hand, coalesce(d.work_date, m.reached_on) AS dated,
       y.last_day AS dated_through, l.contract_line_no, d.person_no, d.project_no, t.source_id AS entry, v.activity_ref AS task, v.note
FROM hourline.invoice_line l
LEFT JOIN hourline.time_entry t ON t.tenant = l.tenant AND t.entry_no = l.entry_no
LEFT JOIN hourline.time_entry_version v
    ON v.tenant = l.tenant AND v.entry_no = l.entry_no AND v.revision = l.revision
LEFT JOIN hourline.decision d ON d.tenant = l.tenant AND d.entry_no = l.entry_no AND d.revision = l.revision
LEFT JOIN hourline.milestone_reached m
    ON m.tenant = l.tenant AND m.contract_line_no = l.contract_line_no AND m.milestone = l.milestone
LEFT JOIN hourline.recurring_month y
    ON y.tenant = l.tenant AND y.contract_line_no = l.contract_line_no AND y.milestone = l.milestone
WHERE l.document_no = %(document_no)s
ORDER BY l.line_no

-- name: paid_in_advance
-- purpose: What of an invoice was paid up to its date, by retainers among others.
SELECT sum(amount)::bigint FROM (
    SELECT p.amount
    FROM hourline.payment p
    JOIN hourline.invoice i ON i.tenant = p.tenant AND i.document_no = p.document_no
    WHERE p.document_no = %(document_no)s AND p.paid_on <= i.invoice_date
    UNION ALL
    SELECT w.gross FROM hourline.drawdown w WHERE w.document_no = %(document_no)s AND w.credit_note_no IS NULL
) AS paid

-- name: advances_of_document
-- purpose: What an invoice sets off of each invoice that was billed in advance.
SELECT r.number, sum(w.gross)::bigint AS gross, sum(w.net)::bigint AS net, sum(w.tax)::bigint AS tax
FROM hourline.drawdown w
JOIN hourline.invoice r ON r.tenant = w.tenant AND r.document_no = w.retainer_document_no
WHERE w.document_no = %(document_no)s AND w.credit_note_no IS NULL
GROUP BY r.document_no, r.number ORDER BY r.document_no

-- name: record_versions
-- purpose: Every version of some master records, the one recorded last first; also of records merged since.
SELECT v.master_no, i.id, v.change_no, v.effective_from, v.effective_until, v.content
FROM hourline.master_version v
JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
WHERE v.master_no = ANY(%(master_nos)s::integer[])
ORDER BY v.change_no DESC
