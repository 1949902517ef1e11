-- name: keep_pending
-- purpose: Store which revisions are not decided, with what they lack and since when.
INSERT INTO hourline.pending_entry (entry_no, revision, state, change_no, problems, since)
SELECT refused.entry_no, refused.revision, refused.state, %(change_no)s, refused.problems::jsonb, %(recorded_at)s
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[], %(states)s::smallint[], %(problems)s::text[])
     AS refused (entry_no, revision, state, problems)
ON CONFLICT (tenant, entry_no) DO UPDATE
SET revision = excluded.revision,
    state = excluded.state,
    change_no = excluded.change_no,
    problems = excluded.problems,
    since = CASE WHEN pending_entry.revision = excluded.revision THEN pending_entry.since ELSE excluded.since END
WHERE pending_entry.revision <= excluded.revision

-- name: forget_pending
-- purpose: Remove revisions that have been decided or stopped counting, and older ones of the same entries.
DELETE FROM hourline.pending_entry AS pending
USING unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS done (entry_no, revision)
WHERE pending.entry_no = done.entry_no AND pending.revision <= done.revision

-- name: pending_entries
-- purpose: Take revisions last tried with older master data; another worker's stay with it.
SELECT pending.entry_no, pending.revision, entry.connection_no, entry.source_id,
       version.person_ref, version.project_ref, version.activity_ref, version.hour_type_ref, version.role_ref,
       version.work_date - date '1970-01-01' AS work_day,
       version.worked_seconds, version.billable_seconds,
       (extract(epoch FROM version.approved_at) * 1000000)::bigint AS approved_microseconds,
       version.price, expense.cost, expense.currency, expense.markup_ppm,
       expense.recovered_tax AS recoverable_tax,
       (expense.receipt IS NOT NULL)::integer AS receipted, (NOT expense.recovery_stated)::integer AS by_rule
FROM hourline.pending_entry AS pending
JOIN hourline.time_entry_version AS version USING (tenant, entry_no, revision)
JOIN hourline.time_entry AS entry USING (tenant, entry_no)
LEFT JOIN hourline.expense_version AS expense USING (tenant, entry_no, revision)
WHERE pending.change_no < %(older_than_change_no)s
ORDER BY pending.change_no, pending.entry_no
LIMIT %(limit)s
FOR UPDATE OF pending SKIP LOCKED

-- name: refusing_entity
-- purpose: Whose books a pending entry is refused by, for a code.
SELECT problem -> 'detail' ->> 'entity'
FROM hourline.pending_entry, jsonb_array_elements(problems) AS problem
WHERE entry_no = %(entry_no)s AND problem ->> 'code' = %(code)s

-- name: pending_of_entries
-- purpose: Take what is pending of some entries; the columns are those of pending_entries.
SELECT pending.entry_no, pending.revision, entry.connection_no, entry.source_id,
       version.person_ref, version.project_ref, version.activity_ref, version.hour_type_ref, version.role_ref,
       version.work_date - date '1970-01-01' AS work_day,
       version.worked_seconds, version.billable_seconds,
       (extract(epoch FROM version.approved_at) * 1000000)::bigint AS approved_microseconds,
       version.price, expense.cost, expense.currency, expense.markup_ppm,
       expense.recovered_tax AS recoverable_tax,
       (expense.receipt IS NOT NULL)::integer AS receipted, (NOT expense.recovery_stated)::integer AS by_rule
FROM hourline.pending_entry AS pending
JOIN hourline.time_entry_version AS version USING (tenant, entry_no, revision)
JOIN hourline.time_entry AS entry USING (tenant, entry_no)
LEFT JOIN hourline.expense_version AS expense USING (tenant, entry_no, revision)
WHERE pending.entry_no = ANY (%(entry_nos)s)
ORDER BY pending.entry_no
FOR UPDATE OF pending

-- name: revisions_to_decide
-- purpose: Revisions as they came, by entry and number; the columns are those of pending_entries.
SELECT version.entry_no, version.revision, entry.connection_no, entry.source_id,
       version.person_ref, version.project_ref, version.activity_ref, version.hour_type_ref, version.role_ref,
       version.work_date - date '1970-01-01' AS work_day,
       version.worked_seconds, version.billable_seconds,
       (extract(epoch FROM version.approved_at) * 1000000)::bigint AS approved_microseconds,
       version.price, expense.cost, expense.currency, expense.markup_ppm,
       expense.recovered_tax AS recoverable_tax,
       (expense.receipt IS NOT NULL)::integer AS receipted, (NOT expense.recovery_stated)::integer AS by_rule
FROM hourline.time_entry_version AS version
JOIN hourline.time_entry AS entry USING (tenant, entry_no)
LEFT JOIN hourline.expense_version AS expense USING (tenant, entry_no, revision)
WHERE version.entry_no = %(entry_no)s AND version.revision = %(revision)s

-- name: still_invoiced
-- purpose: Find portions of revisions that stand on live invoice lines.
SELECT billed.entry_no, billed.revision, billed.part
FROM hourline.billed_portion AS billed
JOIN unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS stopped (entry_no, revision)
  USING (entry_no, revision)
WHERE billed.live_lines > 0
ORDER BY billed.entry_no, billed.revision, billed.part
LIMIT 1

-- name: supersede
-- purpose: Record that revisions stopped counting.
INSERT INTO hourline.supersession (entry_no, revision, by_revision, recorded_at)
SELECT entry_no, revision, by_revision, %(recorded_at)s
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[], %(by_revisions)s::integer[])
     AS stopped (entry_no, revision, by_revision)

-- name: lines_to_mirror
-- purpose: What revisions have in the books: their cost, and per portion what is still accrued after invoices, credits, reviews and allotments; nothing of a part that was replaced.
WITH stopped AS (
    SELECT entry_no, revision
    FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS s (entry_no, revision)
), own AS (
    SELECT line.*
    FROM hourline.journal_line AS line
    JOIN stopped ON line.cause_no = stopped.entry_no AND line.cause_revision = stopped.revision
    WHERE line.cause = %(entry_cause)s AND NOT line.mirror AND NOT EXISTS (
        SELECT FROM hourline.journal_line AS taken
        WHERE taken.tenant = line.tenant AND taken.cause = line.cause AND taken.cause_no = line.cause_no
          AND taken.cause_revision = line.cause_revision AND taken.part = line.part AND taken.effect = line.effect
          AND taken.mirror)
), documented AS (
    SELECT bill.entry_no, bill.revision, bill.part, line.effect, line.amount, line.entity_amount
    FROM hourline.invoice_line AS bill
    JOIN stopped ON bill.entry_no = stopped.entry_no AND bill.revision = stopped.revision
    JOIN hourline.journal_line AS line
      ON line.cause = ANY (%(document_causes)s::smallint[]) AND line.cause_no = bill.document_no
     AND line.cause_revision = 0 AND line.part = bill.line_no
     AND line.effect IN (%(accrual)s, %(reversal)s) AND NOT line.mirror
), reviewed AS (
    SELECT act.entry_no, act.revision, act.part, line.effect, line.amount, line.entity_amount
    FROM hourline.review_act AS act
    JOIN stopped ON act.entry_no = stopped.entry_no AND act.revision = stopped.revision
    JOIN hourline.journal_line AS line
      ON line.cause = %(review_cause)s AND line.cause_no = act.act_no AND line.cause_revision = 0 AND NOT line.mirror
), allotted AS (
    SELECT act.entry_no, act.revision, act.part, line.effect, line.amount, line.entity_amount
    FROM hourline.allotment_act AS act
    JOIN stopped ON act.entry_no = stopped.entry_no AND act.revision = stopped.revision
    JOIN hourline.journal_line AS line
      ON line.cause = %(allotment_cause)s AND line.cause_no = act.allotment_no AND line.cause_revision = 0
     AND NOT line.mirror
), moved AS (
    SELECT entry_no, revision, part,
           sum(CASE WHEN effect = %(accrual)s THEN amount ELSE -amount END) AS amount,
           sum(CASE WHEN effect = %(accrual)s THEN entity_amount ELSE -entity_amount END) AS entity_amount
    FROM (SELECT * FROM documented UNION ALL SELECT * FROM reviewed UNION ALL SELECT * FROM allotted) AS every
    GROUP BY entry_no, revision, part
)
SELECT own.cause_no, own.cause_revision, own.part, own.effect, own.entity_no, own.contract_no, own.project_no,
       own.person_no, own.debit, own.credit, own.currency, own.entity_currency,
       (own.amount + coalesce(moved.amount, 0))::bigint AS amount,
       (own.entity_amount + coalesce(moved.entity_amount, 0))::bigint AS entity_amount,
       own.accounting_date - date '1970-01-01' AS accounting_day,
       own.document_date - date '1970-01-01' AS document_day
FROM own
LEFT JOIN moved
  ON own.effect = ANY (%(own_accruals)s::smallint[]) AND moved.entry_no = own.cause_no
 AND moved.revision = own.cause_revision AND moved.part = own.part
ORDER BY own.cause_no, own.cause_revision, own.part, own.effect
