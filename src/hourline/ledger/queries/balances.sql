-- name: balances
-- purpose: The balance of every account role per legal entity in its currency, of what is booked up to and including a day; debit positive, credit negative.
SELECT entity_no, role, sum(amount)::bigint AS amount
FROM (
    SELECT entity_no, debit AS role, entity_amount AS amount FROM hourline.journal_line
    WHERE entity_no = coalesce(%(entity_no)s, entity_no) AND accounting_date <= %(until)s
    UNION ALL
    SELECT entity_no, credit, -entity_amount FROM hourline.journal_line
    WHERE entity_no = coalesce(%(entity_no)s, entity_no) AND accounting_date <= %(until)s
) AS sides
GROUP BY entity_no, role
ORDER BY entity_no, role

-- name: entity_sums
-- purpose: All lines of an entity summed by roles, project and departments, the source of their dimensions.
SELECT l.debit, l.credit, l.project_no, sum(l.entity_amount)::bigint AS amount, x.person_cost_centre_no, x.project_cost_centre_no
FROM hourline.journal_line l
LEFT JOIN hourline.cross_charge x
    ON l.effect = %(cross_charge)s AND x.tenant = l.tenant AND x.entry_no = l.cause_no AND x.revision = l.cause_revision
WHERE l.entity_no = %(entity_no)s
GROUP BY l.debit, l.credit, l.project_no, x.person_cost_centre_no, x.project_cost_centre_no
ORDER BY l.debit, l.credit, l.project_no, x.person_cost_centre_no, x.project_cost_centre_no

-- name: unbalanced
-- purpose: Entity, currency and month in which debits and credits differ, summed from both sides; none is the proof.
SELECT entity_no, currency, period, debit, credit
FROM (
    SELECT entity_no, currency, date_trunc('month', accounting_date)::date AS period,
           sum(amount) FILTER (WHERE side = 'debit')::bigint AS debit,
           sum(amount) FILTER (WHERE side = 'credit')::bigint AS credit
    FROM (
        SELECT entity_no, entity_currency AS currency, accounting_date, 'debit' AS side, entity_amount AS amount
        FROM hourline.journal_line WHERE debit > 0
        UNION ALL
        SELECT entity_no, entity_currency, accounting_date, 'credit', entity_amount
        FROM hourline.journal_line WHERE credit > 0
    ) AS sides
    GROUP BY 1, 2, 3
) AS months
WHERE debit IS DISTINCT FROM credit
ORDER BY 1, 2, 3
