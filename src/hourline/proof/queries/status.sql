-- name: status_entry
-- purpose: The entry a connection calls by an id.
SELECT e.entry_no FROM hourline.time_entry e
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
WHERE c.name = %(connection)s AND e.source_id = %(source_id)s;

-- name: status_portions
-- purpose: Portions in force of a project per fate and exact price, with how much of them is billed; of what is open for some customers, their shares are not.
SELECT p.fate, p.rate_amount, p.rate_seconds, sum(p.seconds)::bigint AS seconds, sum(p.amount)::bigint AS amount,
       round(sum(p.seconds_billed - CASE WHEN p.seconds_billed > 0 THEN coalesce(b.weight_uneven, 0) ELSE 0 END / 1000000.0))::bigint
           AS seconds_billed
FROM hourline.decision d
JOIN hourline.portion_part p USING (tenant, entry_no, revision)
LEFT JOIN hourline.billed_portion b USING (tenant, entry_no, revision, part)
LEFT JOIN hourline.supersession s USING (tenant, entry_no, revision)
WHERE d.project_no = %(project_no)s AND s.entry_no IS NULL
GROUP BY p.fate, p.rate_amount, p.rate_seconds ORDER BY 1, 2, 3;

-- name: status_expenses
-- purpose: Open expenses of a project, each with its open units and what one of them is worth exactly.
SELECT p.units - round(p.units_billed - coalesce(b.weight_uneven, 0) / 1000000.0)::bigint AS units, x.worth_numerator AS unit_numerator,
       x.worth_denominator * x.amount AS unit_denominator
FROM hourline.decision d
JOIN hourline.priced_expense x USING (tenant, entry_no, revision)
JOIN hourline.portion_part p USING (tenant, entry_no, revision)
LEFT JOIN hourline.supersession s USING (tenant, entry_no, revision)
LEFT JOIN hourline.billed_portion b USING (tenant, entry_no, revision, part)
WHERE d.project_no = %(project_no)s AND s.entry_no IS NULL AND p.fate = %(billable)s
  AND p.units > p.units_billed - coalesce(b.units_uneven, 0);

-- name: status_worked
-- purpose: Worked time of the decided entries of a project that are in force.
SELECT coalesce(sum(d.worked_seconds), 0)::bigint
FROM hourline.decision d
LEFT JOIN hourline.supersession s USING (tenant, entry_no, revision)
WHERE d.project_no = %(project_no)s AND s.entry_no IS NULL;

-- name: status_billed
-- purpose: What stands on invoices less credits for the entries of a project, also of replaced revisions; time that several customers pay counts by their shares.
SELECT coalesce(round(sum(l.seconds::numeric * l.share_ppm) / 1000000), 0)::bigint AS seconds, coalesce(sum(l.net), 0)::bigint AS net
FROM hourline.decision d
JOIN hourline.invoice_line l USING (tenant, entry_no, revision)
WHERE d.project_no = %(project_no)s;

-- name: status_milestones
-- purpose: Reached milestones of a contract line and how much of them is billed.
SELECT coalesce(sum(m.amount), 0)::bigint AS reached, coalesce(sum(b.amount_billed), 0)::bigint AS billed
FROM hourline.milestone_reached m
LEFT JOIN hourline.billed_milestone b USING (tenant, contract_line_no, milestone)
WHERE m.contract_line_no = %(contract_line_no)s;

-- name: status_pending
-- purpose: Entries not decided yet that name a project by one of the ids its sources use.
SELECT p.state, p.problems, v.worked_seconds
FROM unnest(%(connection_nos)s::integer[], %(refs)s::text[]) AS known (connection_no, ref)
JOIN hourline.time_entry_version v ON v.project_ref = known.ref
JOIN hourline.pending_entry p ON p.tenant = v.tenant AND p.entry_no = v.entry_no AND p.revision = v.revision
JOIN hourline.time_entry e
    ON e.tenant = v.tenant AND e.entry_no = v.entry_no AND e.connection_no = known.connection_no
ORDER BY p.since, p.entry_no;

-- name: status_newest
-- purpose: The revision of a project's entries that was recorded last, decided or not.
SELECT c.name AS source, e.source_id, hourline.source_revision(v.entry_no, v.revision) AS revision, v.recorded_at
FROM (SELECT d.entry_no, d.revision FROM hourline.decision d WHERE d.project_no = %(project_no)s
      UNION
      SELECT v.entry_no, v.revision
      FROM unnest(%(connection_nos)s::integer[], %(refs)s::text[]) AS known (connection_no, ref)
      JOIN hourline.time_entry_version v ON v.project_ref = known.ref
      JOIN hourline.pending_entry p ON p.tenant = v.tenant AND p.entry_no = v.entry_no AND p.revision = v.revision
      JOIN hourline.time_entry e
          ON e.tenant = v.tenant AND e.entry_no = v.entry_no AND e.connection_no = known.connection_no) of_project
JOIN hourline.time_entry_version v USING (entry_no, revision)
JOIN hourline.time_entry e ON e.tenant = v.tenant AND e.entry_no = v.entry_no
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
ORDER BY v.recorded_at DESC, v.entry_no DESC LIMIT 1;

-- name: status_items
-- purpose: Open exceptions that stop a contract or a milestone of a contract line from being billed.
SELECT code, sentence, remedy FROM hourline.exception_item
WHERE state = 'open' AND (
    (subject_kind = 'contract' AND subject_key = %(contract)s)
    OR (subject_kind = 'milestone' AND starts_with(subject_key, %(contract_line)s || '/')))
ORDER BY due_at, item_no;

-- name: status_cost
-- purpose: What an entry's revision cost, as it was corrected last, in the currency of the resourcing entity; no row where it cost nothing. Input tax that is recovered is no cost.
SELECT l.entity_amount AS amount, l.entity_currency AS currency FROM hourline.journal_line l
WHERE l.cause = %(cause_entry)s AND l.cause_no = %(entry_no)s AND l.cause_revision = %(revision)s
  AND l.effect = %(effect_cost)s AND l.debit <> %(input_tax)s AND NOT l.mirror AND NOT EXISTS (
      SELECT FROM hourline.cost_correction c
      WHERE c.tenant = l.tenant AND c.entry_no = l.cause_no AND c.revision = l.cause_revision AND c.correction_no > l.part);
