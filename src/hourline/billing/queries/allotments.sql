-- name: allottable_work
-- purpose: Billable portions of a contract that are not billed or given up whole, and those of which something is allotted, in force or not.
SELECT p.contract_line_no, p.entry_no, p.revision, p.part, d.work_date AS dated, d.approved_at, e.source_id,
       d.entity_no, d.accounting_date, d.project_no, d.person_no, p.currency, p.rate_amount, p.rate_seconds,
       p.seconds AS seconds_total, CASE WHEN p.seconds = 0 THEN p.amount ELSE 0 END AS units_total,
       coalesce(b.billed, 0) AS billed, coalesce(b.given_up, 0) AS given_up,
       coalesce(x.unit_numerator, 0) AS unit_numerator, coalesce(x.unit_denominator, 1) AS unit_denominator,
       p.accrued_amount AS accrued, coalesce(j.entity_amount, 0) AS accrued_entity, s.entry_no IS NOT NULL AS ended,
       coalesce(b.amount_prepaid, 0) AS amount_prepaid, coalesce(b.amount_over_limit, 0) AS amount_over, coalesce(b.weight_uneven, 0) AS weight_uneven
-- LIMIT makes each look-up one by key, as in open.sql.
FROM hourline.portion p
JOIN LATERAL (
    SELECT work_date, approved_at, entity_no, accounting_date, project_no, person_no FROM hourline.decision d
    WHERE (d.tenant, d.entry_no, d.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
) AS d ON true
JOIN LATERAL (
    SELECT source_id FROM hourline.time_entry e WHERE (e.tenant, e.entry_no) = (p.tenant, p.entry_no) LIMIT 1
) AS e ON true
LEFT JOIN LATERAL (
    SELECT seconds_billed + units_billed AS billed,
           CASE WHEN p.seconds = 0 THEN amount_written_off + amount_left_out ELSE seconds_written_off + seconds_left_out + seconds_replaced END AS given_up,
           amount_prepaid, amount_over_limit, weight_uneven,
           CASE WHEN p.seconds = 0 THEN amount_over_limit ELSE seconds_prepaid + seconds_over_limit END AS allotted
    FROM hourline.billed_portion b
    WHERE (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part) LIMIT 1
) AS b ON true
LEFT JOIN LATERAL (
    SELECT worth_numerator AS unit_numerator, worth_denominator * amount AS unit_denominator FROM hourline.priced_expense x
    WHERE p.seconds = 0 AND p.amount > 0
      AND (x.tenant, x.entry_no, x.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
) AS x ON true
LEFT JOIN LATERAL (
    SELECT entry_no FROM hourline.supersession s
    WHERE (s.tenant, s.entry_no, s.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
) AS s ON true
LEFT JOIN LATERAL (
    SELECT entity_amount FROM hourline.journal_line j
    WHERE j.tenant = p.tenant AND j.cause = %(cause_entry)s AND j.cause_no = p.entry_no AND j.cause_revision = p.revision
      AND j.part = p.part AND j.effect = ANY(%(effects_accrual)s::smallint[]) AND NOT j.mirror LIMIT 1
) AS j ON true
WHERE p.contract_no = %(contract_no)s AND p.fate = %(fate_billable)s
  AND (b.allotted > 0 OR s.entry_no IS NULL
       AND CASE WHEN p.seconds = 0 THEN p.amount ELSE p.seconds END > coalesce(b.billed + b.given_up, 0))

-- name: allotted_over
-- purpose: What of each portion of a contract the acts so far put over the limits of its line and of its contract.
SELECT entry_no, revision, part, sum(over_line_day)::bigint AS over_line_day, sum(over_contract_day)::bigint AS over_contract_day,
       sum(over_line_month)::bigint AS over_line_month, sum(over_line_customer)::bigint AS over_line_customer,
       sum(over_line)::bigint AS over_line, sum(over_contract_month)::bigint AS over_contract_month,
       sum(over_contract_customer)::bigint AS over_contract_customer, sum(over_contract)::bigint AS over_contract
FROM hourline.allotment_act
WHERE contract_no = %(contract_no)s
GROUP BY 1, 2, 3
HAVING (sum(over_line_day), sum(over_contract_day), sum(over_line_month), sum(over_line_customer), sum(over_line),
        sum(over_contract_month), sum(over_contract_customer), sum(over_contract)) <> (0, 0, 0, 0, 0, 0, 0, 0)

-- name: blocks_used
-- purpose: What portions of a contract use of each block of prepaid hours, in seconds.
SELECT entry_no, revision, part, block_no, sum(seconds)::bigint AS seconds
FROM hourline.block_use
WHERE contract_no = %(contract_no)s
GROUP BY 1, 2, 3, 4 HAVING sum(seconds) <> 0

-- name: work_invoiced
-- purpose: What stands on invoices for the work of each line of a contract, per price; what is open for one of several customers keeps its room.
SELECT contract_line_no, rate_amount, rate_seconds, sum(seconds)::bigint AS seconds, sum(units)::bigint AS units,
       sum(by_hand)::bigint AS by_hand, sum(net)::bigint AS net
FROM (
    SELECT p.contract_line_no, p.rate_amount, p.rate_seconds, b.seconds_billed AS seconds, b.units_billed AS units,
           0 AS by_hand, 0 AS net
    FROM hourline.portion p
    JOIN LATERAL (
        SELECT seconds_billed, units_billed FROM hourline.billed_portion b
        WHERE (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part) LIMIT 1
    ) AS b ON true
    WHERE p.contract_no = %(contract_no)s AND p.fate = %(fate_billable)s
    UNION ALL
    SELECT contract_line_no, rate_amount, rate_seconds, 0, 0, net - coalesce(net_at_rate, net), net
    FROM hourline.invoice_line
    WHERE contract_no = %(contract_no)s AND entry_no IS NOT NULL
) AS billed
GROUP BY 1, 2, 3

-- name: expenses_invoiced
-- purpose: The exact worth of the expenses on invoices of each line of a contract, per denominator.
SELECT p.contract_line_no, sum(b.units_billed * x.worth_numerator) AS numerator,
       x.worth_denominator * x.amount AS denominator
FROM hourline.priced_expense x
JOIN hourline.portion p USING (tenant, entry_no, revision)
JOIN hourline.billed_portion b USING (tenant, entry_no, revision, part)
WHERE x.contract_no = %(contract_no)s AND b.units_billed > 0
GROUP BY 1, 3

-- name: net_invoiced
-- purpose: What was invoiced less credits for the work of each line of a contract, in minor units.
SELECT contract_line_no, sum(net)::bigint AS net
FROM hourline.invoice_line
WHERE contract_no = %(contract_no)s AND entry_no IS NOT NULL
GROUP BY 1

-- name: allotment_numbers
-- purpose: Numbers for so many allotment acts.
SELECT nextval('hourline.allotment_no_seq') FROM generate_series(1, %(count)s)

-- name: keep_allotted
-- purpose: State what of portions is prepaid and over a limit; the table's check refuses more than there is.
INSERT INTO hourline.billed_portion AS billed
    (entry_no, revision, part, seconds, seconds_billed, units, units_billed, live_lines,
     seconds_prepaid, amount_prepaid, seconds_over_limit, amount_over_limit)
SELECT entry_no, revision, part, seconds, 0, units, 0, 0, seconds_prepaid, amount_prepaid, seconds_over, amount_over
FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[], %(seconds)s::bigint[],
            %(units)s::bigint[], %(seconds_prepaid)s::bigint[], %(amount_prepaid)s::bigint[],
            %(seconds_over)s::bigint[], %(amount_over)s::bigint[])
     AS line (entry_no, revision, part, seconds, units, seconds_prepaid, amount_prepaid, seconds_over, amount_over)
ON CONFLICT (tenant, entry_no, revision, part) DO UPDATE
SET seconds_prepaid = excluded.seconds_prepaid, amount_prepaid = excluded.amount_prepaid,
    seconds_over_limit = excluded.seconds_over_limit, amount_over_limit = excluded.amount_over_limit

-- name: lock_terms_to_use
-- purpose: Let nobody change limits or prepaid hours until this transaction ends; many may use them at once.
SELECT count(pg_advisory_xact_lock_shared(hashtextextended('hourline.terms ' || control.current_tenant(), 0)))

-- name: lock_terms_to_change
-- purpose: Wait until nobody uses limits or prepaid hours as they were, and let nobody use them until this transaction ends.
SELECT count(pg_advisory_xact_lock(hashtextextended('hourline.terms ' || control.current_tenant(), 0)))
