-- name: figures_of_entry
-- purpose: What stands of an entry: where it is billed, its price, cost and tax, what other entities charge for it, and its time and value by fate; no row where nothing is decided.
SELECT d.entry_no, d.revision, e.source_id AS entry, c.name AS source, k.id AS contract, l.id AS contract_line,
       r.id AS project, d.currency,
       CASE WHEN x.entry_no IS NULL THEN d.resourcing_entity_no ELSE d.entity_no END AS bearer_no, 
       d.cost_amount + coalesce((SELECT sum(c.cost_after - c.cost_before)::bigint FROM hourline.cost_correction c
           WHERE (c.tenant, c.entry_no, c.revision) = (d.tenant, d.entry_no, d.revision)), 0) AS cost,
       (SELECT j.entity_currency FROM hourline.journal_line j
        WHERE j.tenant = d.tenant AND j.cause = %(cause_entry)s AND j.cause_no = d.entry_no AND j.cause_revision = d.revision
          AND j.effect = %(effect_cost)s LIMIT 1) AS cost_currency,
       d.tax_rule_no,
       t.amount AS transfer, t.currency AS transfer_currency, t.lender_no, price.rate_amount, price.rate_seconds, price.accrued,
       parts.fates, parts.seconds, parts.amounts
FROM hourline.decision d
JOIN hourline.time_entry e ON e.tenant = d.tenant AND e.entry_no = d.entry_no
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
JOIN hourline.master_identity k ON k.tenant = d.tenant AND k.master_no = d.contract_no
JOIN hourline.master_identity l ON l.tenant = d.tenant AND l.master_no = d.contract_line_no
JOIN hourline.master_identity r ON r.tenant = d.tenant AND r.master_no = d.project_no
LEFT JOIN hourline.priced_expense x ON x.tenant = d.tenant AND x.entry_no = d.entry_no AND x.revision = d.revision
LEFT JOIN hourline.transfer t ON t.tenant = d.tenant AND t.entry_no = d.entry_no AND t.revision = d.revision
CROSS JOIN LATERAL (
    SELECT max(p.rate_amount) AS rate_amount, max(p.rate_seconds) AS rate_seconds,
           coalesce(sum(p.accrued_amount) FILTER (WHERE b.seconds_replaced IS NULL OR b.seconds_replaced = 0), 0)::bigint AS accrued
    FROM hourline.portion p
    LEFT JOIN hourline.billed_portion b
        ON b.tenant = p.tenant AND b.entry_no = p.entry_no AND b.revision = p.revision AND b.part = p.part
    WHERE p.tenant = d.tenant AND p.entry_no = d.entry_no AND p.revision = d.revision
) AS price
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(fate ORDER BY fate), '{}') AS fates,
           coalesce(array_agg(seconds ORDER BY fate), '{}') AS seconds,
           coalesce(array_agg(amount ORDER BY fate), '{}') AS amounts
    FROM (SELECT p.fate, sum(p.seconds)::bigint AS seconds, sum(p.amount)::bigint AS amount
          FROM hourline.portion_part p
          WHERE p.tenant = d.tenant AND p.entry_no = d.entry_no AND p.revision = d.revision GROUP BY p.fate) AS by_fate
) AS parts
WHERE d.entry_no = %(entry_no)s AND NOT EXISTS (
    SELECT FROM hourline.supersession s
    WHERE s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision)

-- name: next_line
-- purpose: A number above every journal line this transaction has written so far.
SELECT nextval('hourline.line_no_seq')

-- name: moved_since
-- purpose: By how much journal lines after a number moved each role of each entity, by project and day, debits less credits, in the entity's currency.
SELECT i.id AS entity, l.entity_no, moved.role, l.project_no, l.accounting_date, l.entity_currency AS currency,
       sum(moved.amount)::bigint AS amount
FROM hourline.journal_line l
CROSS JOIN LATERAL (VALUES (l.debit, l.entity_amount), (l.credit, -l.entity_amount)) AS moved (role, amount)
JOIN hourline.master_identity i ON i.tenant = l.tenant AND i.master_no = l.entity_no
WHERE l.line_no > %(line_no)s
GROUP BY i.id, l.entity_no, moved.role, l.project_no, l.accounting_date, l.entity_currency
ORDER BY i.id, moved.role
