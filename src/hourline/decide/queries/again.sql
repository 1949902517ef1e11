-- name: entries_in_force
-- purpose: Decided revisions in force of work dates, after an entry number, with what was decided; the first columns are those of pending_entries.
SELECT decision.entry_no, decision.revision, entry.connection_no, entry.source_id,
       version.person_ref, version.project_ref, version.activity_ref, version.hour_type_ref, version.role_ref,
       version.work_date - date '1970-01-01' AS work_day,
       version.worked_seconds, version.billable_seconds,
       (extract(epoch FROM version.approved_at) * 1000000)::bigint AS approved_microseconds,
       version.price, expense.cost, expense.currency, expense.markup_ppm,
       expense.recovered_tax AS recoverable_tax,
       (expense.receipt IS NOT NULL)::integer AS receipted, (NOT expense.recovery_stated)::integer AS by_rule,
       decision.contract_no, decision.contract_line_no, decision.bill_rate_no, decision.tax_rule_no,
       coalesce(recosted.cost_after, decision.cost_amount),
       CASE WHEN expense.cost IS NULL THEN decision.resourcing_entity_no ELSE decision.entity_no END, decision.currency, decision.time_rounding_no,
       transfer.rule_no, transfer.lender_no, transfer.borrower_no, transfer.currency, transfer.amount,
       charge.rule_no, charge.person_cost_centre_no, charge.project_cost_centre_no, charge.currency, charge.amount,
       decision.accounting_date - date '1970-01-01', transfer.lender_date - date '1970-01-01',
       recosted.accounting_date - date '1970-01-01',
       EXISTS (SELECT FROM hourline.billed_portion AS billed WHERE billed.tenant = decision.tenant
               AND billed.entry_no = decision.entry_no AND billed.revision = decision.revision
               AND billed.live_lines > 0) AS invoiced
FROM hourline.decision AS decision
JOIN hourline.time_entry_version AS version USING (tenant, entry_no, revision)
JOIN hourline.time_entry AS entry USING (tenant, entry_no)
LEFT JOIN hourline.expense_version AS expense USING (tenant, entry_no, revision)
LEFT JOIN hourline.transfer AS transfer USING (tenant, entry_no, revision)
LEFT JOIN hourline.cross_charge AS charge USING (tenant, entry_no, revision)
LEFT JOIN LATERAL (
    SELECT correction.cost_after, correction.accounting_date FROM hourline.cost_correction AS correction
    WHERE (correction.tenant, correction.entry_no, correction.revision)
          = (decision.tenant, decision.entry_no, decision.revision)
    ORDER BY correction.correction_no DESC LIMIT 1
) AS recosted ON true
WHERE decision.entry_no > %(after_entry_no)s
  AND decision.work_date >= %(since)s AND decision.work_date < %(until)s
  AND (%(contract_no)s::integer IS NULL OR decision.contract_no = %(contract_no)s)
  AND (%(project_no)s::integer IS NULL OR decision.project_no = %(project_no)s)
  AND (%(person_no)s::integer IS NULL OR decision.person_no = %(person_no)s)
  AND (%(entry_nos)s::bigint[] IS NULL OR decision.entry_no = ANY (%(entry_nos)s))
  AND NOT EXISTS (SELECT FROM hourline.supersession AS stopped WHERE stopped.tenant = decision.tenant
                  AND stopped.entry_no = decision.entry_no AND stopped.revision = decision.revision)
  AND NOT EXISTS (SELECT FROM hourline.opening_position AS opening WHERE opening.tenant = decision.tenant
                  AND opening.entry_no = decision.entry_no AND opening.revision = decision.revision)
ORDER BY decision.entry_no
LIMIT %(limit)s

-- name: portions_of_entries
-- purpose: The portions of revisions as they were decided.
SELECT portion.entry_no, portion.fate, portion.seconds, portion.amount, portion.rate_amount,
       portion.rate_seconds, portion.accrued_amount
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS wanted (entry_no, revision)
JOIN hourline.portion AS portion USING (entry_no, revision)
WHERE NOT EXISTS (SELECT FROM hourline.day_rounding AS later WHERE later.tenant = portion.tenant
                  AND later.entry_no = portion.entry_no AND later.revision = portion.revision
                  AND later.part <= portion.part)

-- name: entries_by_day
-- purpose: The numbers of the entries of work dates, those of a person's day together, with that day; also of revisions that stopped counting.
SELECT decision.entry_no, decision.person_no, decision.work_date
FROM hourline.decision AS decision
WHERE decision.work_date >= %(since)s AND decision.work_date < %(until)s
ORDER BY decision.person_no, decision.work_date, decision.entry_no

-- name: entries_of_same_days
-- purpose: The numbers of all entries of the days on which the persons of some entries worked; also of revisions that stopped counting.
SELECT DISTINCT other.entry_no
FROM hourline.decision AS own
JOIN hourline.decision AS other USING (tenant, person_no, work_date)
WHERE own.entry_no = ANY (%(entry_nos)s)
ORDER BY other.entry_no

-- name: days_were_rounded
-- purpose: Whether the rounding of a person's day ever made something of an entry.
SELECT EXISTS (SELECT FROM hourline.day_rounding)

-- name: standing_of_days
-- purpose: What the rounding of a person's day made of revisions, NULL where nothing, and which are settled: billed, written off or left out, in part or whole.
SELECT wanted.entry_no,
       (SELECT rounded.seconds_after FROM hourline.day_rounding AS rounded
        WHERE rounded.entry_no = wanted.entry_no AND rounded.revision = wanted.revision
        ORDER BY rounded.act_no DESC LIMIT 1) AS seconds_now,
       EXISTS (SELECT FROM hourline.billed_portion AS billed
               WHERE billed.entry_no = wanted.entry_no AND billed.revision = wanted.revision
                 AND billed.seconds_billed + billed.live_lines + billed.seconds_written_off + billed.seconds_left_out > 0)
           AS settled
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS wanted (entry_no, revision)

-- name: entries_waiting
-- purpose: Revisions not decided yet of work dates, to see which would go on; the columns are those of pending_entries.
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
WHERE version.work_date >= %(since)s AND version.work_date < %(until)s
ORDER BY pending.entry_no

-- name: entries_by_case
-- purpose: Of the work in force, for each case that rules can tell apart, its newest entry, how many there are and since when; the most frequent cases, and since when there is work at all.
SELECT max(decision.entry_no) AS entry_no, count(*) AS entries, min(min(decision.work_date)) OVER () AS since
FROM hourline.decision AS decision
JOIN hourline.time_entry_version AS version USING (tenant, entry_no, revision)
JOIN hourline.time_entry AS entry USING (tenant, entry_no)
LEFT JOIN hourline.expense_version AS expense USING (tenant, entry_no, revision)
WHERE NOT EXISTS (SELECT FROM hourline.supersession AS stopped WHERE stopped.tenant = decision.tenant
                  AND stopped.entry_no = decision.entry_no AND stopped.revision = decision.revision)
  AND NOT EXISTS (SELECT FROM hourline.opening_position AS opening WHERE opening.tenant = decision.tenant
                  AND opening.entry_no = decision.entry_no AND opening.revision = decision.revision)
GROUP BY entry.connection_no, version.person_ref, version.project_ref, version.activity_ref, version.hour_type_ref,
         version.role_ref, expense.currency, version.billable_seconds = 0, version.price IS NULL
ORDER BY 2 DESC, 1 DESC
LIMIT %(limit)s
