-- name: entries_called
-- purpose: Entries with an id at any source, with the name of the source.
SELECT e.entry_no, c.name FROM hourline.time_entry e
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
WHERE e.source_id = %(source_id)s AND (%(connection)s::text IS NULL OR c.name = %(connection)s)
ORDER BY e.entry_no;

-- name: revision_written
-- purpose: A revision as it came, the last decided one where none is named; the first columns are those of pending_entries.
SELECT v.entry_no, v.revision, e.connection_no, e.source_id,
       v.person_ref, v.project_ref, v.activity_ref, v.hour_type_ref, v.role_ref,
       v.work_date - date '1970-01-01' AS work_day,
       v.worked_seconds, v.billable_seconds,
       (extract(epoch FROM v.approved_at) * 1000000)::bigint AS approved_microseconds,
       v.price, x.cost, x.currency, x.markup_ppm,
       x.recovered_tax AS recoverable_tax, (x.receipt IS NOT NULL)::integer AS receipted,
       d.change_no, s.by_revision, s.entry_no IS NOT NULL AS superseded,
       EXISTS (SELECT FROM hourline.opening_position o WHERE o.tenant = v.tenant AND o.entry_no = v.entry_no
               AND o.revision = v.revision) AS taken_over
FROM hourline.time_entry_version v
JOIN hourline.time_entry e ON e.tenant = v.tenant AND e.entry_no = v.entry_no
LEFT JOIN hourline.decision d ON d.tenant = v.tenant AND d.entry_no = v.entry_no AND d.revision = v.revision
LEFT JOIN hourline.expense_version x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
LEFT JOIN hourline.supersession s ON s.tenant = v.tenant AND s.entry_no = v.entry_no AND s.revision = v.revision
WHERE v.entry_no = %(entry_no)s AND (%(revision)s::integer IS NULL OR v.revision = %(revision)s)
ORDER BY (d.entry_no IS NOT NULL) DESC, v.revision DESC
LIMIT 1;

-- name: stored_decision
-- purpose: The decision of a revision as it is stored, by column.
SELECT to_jsonb(d) FROM hourline.decision d WHERE d.entry_no = %(entry_no)s AND d.revision = %(revision)s;

-- name: stored_portions
-- purpose: The portions of a revision as they were decided, by column; what the rounding of its day made of it came later.
SELECT to_jsonb(p) FROM hourline.portion p
WHERE p.entry_no = %(entry_no)s AND p.revision = %(revision)s
  AND NOT EXISTS (SELECT FROM hourline.day_rounding r WHERE r.tenant = p.tenant AND r.entry_no = p.entry_no
                  AND r.revision = p.revision AND r.part <= p.part)
ORDER BY p.part;

-- name: stored_journal
-- purpose: The journal lines a revision caused itself when it was decided, as they are stored, by column.
SELECT to_jsonb(j) FROM hourline.journal_line j
WHERE j.cause = %(cause_entry)s AND j.cause_no = %(entry_no)s AND j.cause_revision = %(revision)s AND NOT j.mirror
  AND NOT EXISTS (SELECT FROM hourline.day_rounding r WHERE r.tenant = j.tenant AND r.entry_no = j.cause_no
                  AND r.revision = j.cause_revision AND r.part <= j.part)
  AND NOT EXISTS (SELECT FROM hourline.cost_correction c WHERE j.effect = %(effect_cost)s AND c.tenant = j.tenant
                  AND c.entry_no = j.cause_no AND c.revision = j.cause_revision AND c.correction_no = j.part)
ORDER BY j.part, j.effect;

-- name: stored_problems
-- purpose: Why a revision is not decided.
SELECT problems FROM hourline.pending_entry WHERE entry_no = %(entry_no)s AND revision = %(revision)s;

-- name: billed_lines
-- purpose: The invoice and credit lines of a revision, with what its contract line was billed before each, exactly and in whole.
SELECT l.part, i.number, i.kind, i.invoice_date, l.document_no, l.line_no, l.seconds, l.units, l.rate_amount, l.rate_seconds, l.net,
       l.net_at_rate, l.tax, l.tax_rate_ppm, i.currency, i.entity_no, l.credits_document_no,
       before.seconds_worth AS worth_before, before.amounts AS amounts_before, before.net AS net_before,
       before.by_units, greatest(before.customers, of_part.customers) AS customers,
       a.connection AS tax_engine, a.reference AS tax_reference
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_array(b.seconds, b.rate_amount, b.rate_seconds)) FILTER (WHERE b.entry_no IS NOT NULL), '[]')
               AS seconds_worth,
           coalesce(sum(b.amounts), 0)::bigint AS amounts, coalesce(sum(b.net), 0)::bigint AS net,
           coalesce(bool_or(b.units <> 0), false) AS by_units, count(DISTINCT b.customer_no)::integer AS customers
    FROM (
        SELECT CASE WHEN o.milestone IS NULL THEN 1 END::bigint AS entry_no, o.rate_amount, o.rate_seconds, d.customer_no,
               sum(o.seconds)::bigint AS seconds, sum(o.units)::bigint AS units,
               sum(CASE WHEN o.milestone IS NULL THEN 0 ELSE o.net END) AS amounts,
               sum(coalesce(o.net_at_rate, o.net)) AS net
        FROM hourline.invoice_line o
        JOIN hourline.invoice d ON d.tenant = o.tenant AND d.document_no = o.document_no
        WHERE o.contract_line_no = l.contract_line_no AND (o.document_no, o.line_no) < (l.document_no, l.line_no)
        GROUP BY 1, 2, 3, 4
    ) b
) before ON true
JOIN LATERAL (
    SELECT count(DISTINCT d.customer_no)::integer AS customers
    FROM hourline.invoice_line o
    JOIN hourline.invoice d ON d.tenant = o.tenant AND d.document_no = o.document_no
    WHERE (o.entry_no, o.revision, o.part) = (l.entry_no, l.revision, l.part)
) of_part ON true
LEFT JOIN hourline.tax_answer_use u
    ON u.tenant = l.tenant AND u.document_no = coalesce(l.credits_document_no, l.document_no)
LEFT JOIN hourline.tax_answer a ON a.tenant = u.tenant AND a.question = u.question
WHERE l.entry_no = %(entry_no)s AND l.revision = %(revision)s
ORDER BY l.document_no, l.line_no;
