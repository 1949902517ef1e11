-- name: lock_contracts
-- purpose: Make bills and credits of these contracts wait for one another until the transaction ends; in order of number, so that two never wait for each other.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    concat_ws(' ', 'hourline.billing', control.current_tenant(), contract_no), 0)))
FROM (SELECT DISTINCT unnest(%(contract_nos)s::integer[]) AS contract_no ORDER BY 1) AS wanted

-- name: open_portions
-- purpose: Billable portions in force of a contract with seconds, or units of an expense, that stand on no live invoice line of some customer, are not held, were not given up and are neither prepaid nor over a limit.
SELECT p.contract_line_no, p.entry_no, p.revision, p.part, NULL::text AS milestone,
       d.work_date AS dated, d.approved_at, e.source_id, d.project_no, d.person_no, d.tax_rule_no, p.currency,
       p.seconds AS seconds_total, coalesce(b.seconds_billed, 0) AS seconds_billed,
       p.rate_amount, p.rate_seconds, 0::bigint AS amount_open,
       p.accrued_amount AS accrued, coalesce(j.entity_amount, 0) AS accrued_entity,
       CASE WHEN p.seconds = 0 THEN p.amount ELSE 0 END AS units_total, coalesce(b.units_billed, 0) AS units_billed,
       coalesce(x.unit_numerator, 0) AS unit_numerator, coalesce(x.unit_denominator, 1) AS unit_denominator,
       p.amount AS value, coalesce(b.seconds_given_up, 0) AS seconds_given_up,
       CASE WHEN p.seconds = 0 THEN coalesce(b.amount_given_up, 0) ELSE 0 END AS units_given_up,
       coalesce(b.seconds_allotted, 0) AS seconds_allotted,
       CASE WHEN p.seconds = 0 THEN coalesce(b.amount_over_limit, 0) ELSE 0 END AS units_allotted,
       coalesce(b.uneven, 0) AS uneven, coalesce(b.weight_uneven, 0) AS weight_uneven
-- LIMIT makes each look-up one by key: statistics are missing where much was just loaded, and a join planned without
-- them reads a whole table for every portion.
FROM hourline.portion p
JOIN LATERAL (
    SELECT work_date, approved_at, project_no, person_no, tax_rule_no FROM hourline.decision d
    WHERE (d.tenant, d.entry_no, d.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
) AS d ON true
JOIN LATERAL (
    SELECT source_id FROM hourline.time_entry e WHERE (e.tenant, e.entry_no) = (p.tenant, p.entry_no) LIMIT 1
) AS e ON true
LEFT JOIN LATERAL (
    SELECT seconds_billed - seconds_uneven AS seconds_billed, units_billed - units_uneven AS units_billed,
           seconds_uneven + units_uneven AS uneven, weight_uneven, seconds_written_off + seconds_left_out + seconds_replaced AS seconds_given_up,
           amount_written_off + amount_left_out AS amount_given_up,
           seconds_prepaid + seconds_over_limit AS seconds_allotted, amount_over_limit FROM hourline.billed_portion b
    WHERE (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part) LIMIT 1
) AS b ON true
LEFT JOIN LATERAL (
    SELECT worth_numerator AS unit_numerator, worth_denominator * amount AS unit_denominator FROM hourline.priced_expense x
    WHERE p.seconds = 0 AND (x.tenant, x.entry_no, x.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
) AS x ON true
LEFT JOIN LATERAL (
    SELECT entry_no FROM hourline.supersession s
    WHERE (s.tenant, s.entry_no, s.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
) AS s ON true
LEFT JOIN LATERAL (
    SELECT entry_no FROM hourline.held_entry h WHERE (h.tenant, h.entry_no) = (p.tenant, p.entry_no) LIMIT 1
) AS h ON true
LEFT JOIN LATERAL (
    SELECT entity_amount FROM hourline.journal_line j
    WHERE j.tenant = p.tenant AND j.cause = %(cause_entry)s AND j.cause_no = p.entry_no AND j.cause_revision = p.revision
      AND j.part = p.part AND j.effect = ANY(%(effects_accrual)s::smallint[]) AND NOT j.mirror LIMIT 1
) AS j ON true
WHERE p.contract_no = %(contract_no)s AND p.fate = %(fate_billable)s AND d.work_date <= %(through)s
  AND s.entry_no IS NULL AND h.entry_no IS NULL
  AND (p.seconds > coalesce(b.seconds_billed + b.seconds_given_up + b.seconds_allotted, 0)
       OR p.seconds = 0 AND p.amount > coalesce(b.units_billed + b.amount_given_up + b.amount_over_limit, 0))

-- name: open_milestones
-- purpose: Reached milestones of a contract, and opening amounts, but no retainers, with an amount that stands on no live invoice line and is not held.
SELECT m.contract_line_no, NULL::bigint AS entry_no, NULL::integer AS revision, NULL::smallint AS part, m.milestone,
       m.reached_on AS dated, m.reached_on::timestamptz AS approved_at, m.milestone AS source_id,
       NULL::integer AS project_no, NULL::integer AS person_no, m.tax_rule_no, m.currency,
       0::bigint AS seconds_total, 0::bigint AS seconds_billed, 0::bigint AS rate_amount, 1::bigint AS rate_seconds,
       m.amount - coalesce(b.amount_billed, 0) AS amount_open, m.amount AS amount_total,
       coalesce(o.accrued, 0) AS accrued, coalesce(o.entity_amount, 0) AS accrued_entity, 
       coalesce(o.description, k.description) AS opening, k.block_no IS NOT NULL AS deferred, m.kind,
       r.first_day AS fee_from, r.last_day AS fee_through, coalesce(r.monthly_amount, 0) AS fee_monthly
FROM hourline.milestone_reached m
LEFT JOIN hourline.billed_milestone b USING (tenant, contract_line_no, milestone)
LEFT JOIN hourline.opening_position o USING (tenant, contract_line_no, milestone)
LEFT JOIN hourline.recurring_month r USING (tenant, contract_line_no, milestone)
LEFT JOIN hourline.sold_block k USING (tenant, contract_line_no, milestone)
WHERE m.contract_no = %(contract_no)s AND m.kind <> %(kind_retainer)s AND m.reached_on <= %(through)s AND m.amount > coalesce(b.amount_billed, 0)
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = o.tenant AND x.position_no = o.position_no)
  AND NOT EXISTS (SELECT FROM hourline.held_milestone h
                  WHERE (h.tenant, h.contract_line_no, h.milestone) = (m.tenant, m.contract_line_no, m.milestone))

-- name: contracts_with_open_items
-- purpose: Contracts that a run through a day would bill.
SELECT p.contract_no
FROM hourline.portion p
JOIN hourline.decision d USING (tenant, entry_no, revision)
LEFT JOIN LATERAL (
    SELECT seconds_billed - seconds_uneven AS seconds_billed, units_billed - units_uneven AS units_billed,
           seconds_written_off + seconds_left_out + seconds_replaced AS seconds_given_up,
           amount_written_off + amount_left_out AS amount_given_up,
           seconds_prepaid + seconds_over_limit AS seconds_allotted, amount_over_limit FROM hourline.billed_portion b
    WHERE (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part) LIMIT 1
) AS b ON true
LEFT JOIN LATERAL (
    SELECT entry_no FROM hourline.supersession s
    WHERE (s.tenant, s.entry_no, s.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
) AS s ON true
LEFT JOIN LATERAL (
    SELECT entry_no FROM hourline.held_entry h WHERE (h.tenant, h.entry_no) = (p.tenant, p.entry_no) LIMIT 1
) AS h ON true
WHERE p.fate = %(fate_billable)s AND d.work_date <= %(through)s
  AND s.entry_no IS NULL AND h.entry_no IS NULL
  AND (p.seconds > coalesce(b.seconds_billed + b.seconds_given_up + b.seconds_allotted, 0)
       OR p.seconds = 0 AND p.amount > coalesce(b.units_billed + b.amount_given_up + b.amount_over_limit, 0))
UNION
SELECT m.contract_no
FROM hourline.milestone_reached m
LEFT JOIN hourline.billed_milestone b USING (tenant, contract_line_no, milestone)
WHERE (m.reached_on <= %(through)s OR m.kind = %(kind_retainer)s) AND m.amount > coalesce(b.amount_billed, 0)
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = m.tenant
                  AND x.contract_line_no = m.contract_line_no AND x.milestone = m.milestone)
  AND NOT EXISTS (SELECT FROM hourline.held_milestone h
                  WHERE (h.tenant, h.contract_line_no, h.milestone) = (m.tenant, m.contract_line_no, m.milestone))
ORDER BY 1

-- name: billed_to_date
-- purpose: What each line of a contract was billed to date, per price; credits are negative lines of the same table, and an amount set by hand counts as what its rate would have given.
SELECT contract_line_no, milestone IS NOT NULL AS by_amount, rate_amount, rate_seconds, share_ppm,
       sum(seconds)::bigint AS seconds, sum(coalesce(net_at_rate, net))::bigint AS net
FROM hourline.invoice_line
WHERE contract_no = %(contract_no)s AND contract_line_no = ANY(%(contract_line_nos)s)
GROUP BY 1, 2, 3, 4, 5

-- name: expenses_billed_to_date
-- purpose: What the expenses on each line of a contract were billed to date exactly, per denominator; rounded, it is in billed_to_date.
SELECT l.contract_line_no, sum(l.units * l.share_ppm * x.worth_numerator) AS numerator,
       1000000 * x.worth_denominator * x.amount AS denominator
FROM hourline.invoice_line l
JOIN LATERAL (
    SELECT worth_numerator, worth_denominator, amount FROM hourline.priced_expense x
    WHERE (x.tenant, x.entry_no, x.revision) = (l.tenant, l.entry_no, l.revision) LIMIT 1
) AS x ON true
WHERE l.contract_no = %(contract_no)s AND l.contract_line_no = ANY(%(contract_line_nos)s) AND l.units <> 0
GROUP BY 1, 3
