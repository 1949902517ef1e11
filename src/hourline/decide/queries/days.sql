-- name: days_of_revisions
-- purpose: The days of persons, by row of time rounding, that revisions of entries are of.
SELECT DISTINCT d.person_no, d.work_date, d.time_rounding_no
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS wanted (entry_no, revision)
JOIN hourline.decision d USING (entry_no, revision)
WHERE d.time_rounding_no = ANY(%(time_rounding_nos)s::integer[])
ORDER BY 1, 2, 3

-- name: lock_days
-- purpose: Make every other rounding of these days wait for this transaction; in order, so that two never wait for each other.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    concat_ws(' ', 'hourline.person_day', control.current_tenant(), person_no, work_date), 0)))
FROM (SELECT DISTINCT person_no, work_date
      FROM unnest(%(person_nos)s::integer[], %(work_dates)s::date[]) AS d (person_no, work_date) ORDER BY 1, 2) AS wanted

-- name: contracts_of_days
-- purpose: The contracts of what was worked on these days, in force.
SELECT DISTINCT d.contract_no
FROM unnest(%(person_nos)s::integer[], %(work_dates)s::date[], %(time_rounding_nos)s::integer[])
     AS wanted (person_no, work_date, time_rounding_no)
JOIN hourline.decision d USING (person_no, work_date, time_rounding_no)
WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision)

-- name: entries_of_days
-- purpose: What was worked on these days, in force: the billable time decided of each entry alone, what it is now, and whether it can still change.
SELECT d.person_no, d.work_date, d.time_rounding_no, d.entry_no, d.revision, e.source_id, d.approved_at,
       d.contract_no, d.contract_line_no, d.project_no, d.entity_no, d.currency, d.accounting_date, d.worked_seconds,
       max(p.rate_amount) AS rate_amount, max(p.rate_seconds) AS rate_seconds,
       coalesce(sum(p.seconds) FILTER (WHERE p.fate = %(billable)s AND p.part = 0), 0)::bigint AS seconds_alone,
       coalesce(sum(p.seconds) FILTER (WHERE p.fate = %(billable)s AND b.seconds_replaced IS DISTINCT FROM p.seconds), 0)::bigint
           AS seconds_now,
       max(p.part) AS part_last,
       coalesce(bool_or(b.seconds_billed + b.live_lines + b.seconds_written_off + b.seconds_left_out > 0), false) AS settled
FROM unnest(%(person_nos)s::integer[], %(work_dates)s::date[], %(time_rounding_nos)s::integer[])
     AS wanted (person_no, work_date, time_rounding_no)
JOIN hourline.decision d USING (person_no, work_date, time_rounding_no)
JOIN hourline.time_entry e ON e.tenant = d.tenant AND e.entry_no = d.entry_no
JOIN hourline.portion p ON p.tenant = d.tenant AND p.entry_no = d.entry_no AND p.revision = d.revision
LEFT JOIN hourline.billed_portion b
    ON b.tenant = p.tenant AND b.entry_no = p.entry_no AND b.revision = p.revision AND b.part = p.part
WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision)
GROUP BY d.tenant, d.entry_no, d.revision, e.source_id
ORDER BY 1, 2, 3, 4

-- name: replace_parts
-- purpose: Take every part of these revisions that still counts out of billing; the table's checks refuse what is billed.
INSERT INTO hourline.billed_portion AS billed
    (entry_no, revision, part, seconds, seconds_billed, live_lines, seconds_replaced)
SELECT p.entry_no, p.revision, p.part, p.seconds, 0, 0, p.seconds
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS wanted (entry_no, revision)
JOIN hourline.portion p USING (entry_no, revision)
ON CONFLICT (tenant, entry_no, revision, part) DO UPDATE SET seconds_replaced = excluded.seconds_replaced

-- name: accruals_of_parts
-- purpose: What revisions accrued in parts that are not taken back yet, to be mirrored.
SELECT line.cause_no, line.cause_revision, line.part, line.effect, line.entity_no, line.contract_no, line.project_no,
       line.person_no, line.debit, line.credit, line.currency, line.entity_currency, line.amount, line.entity_amount,
       line.accounting_date - date '1970-01-01' AS accounting_day,
       line.document_date - date '1970-01-01' AS document_day
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS wanted (entry_no, revision)
JOIN hourline.journal_line AS line
    ON line.cause = %(entry_cause)s AND line.cause_no = wanted.entry_no AND line.cause_revision = wanted.revision
WHERE line.effect = %(accrual)s AND NOT line.mirror AND NOT EXISTS (
    SELECT FROM hourline.journal_line AS taken
    WHERE taken.tenant = line.tenant AND taken.cause = line.cause AND taken.cause_no = line.cause_no
      AND taken.cause_revision = line.cause_revision AND taken.part = line.part AND taken.effect = line.effect
      AND taken.mirror)
ORDER BY 1, 2, 3
