-- name: days_taken
-- purpose: What stands on invoices of a contract by line, person and work date, per price; what is open for one of several customers keeps its room.
SELECT contract_line_no, person_no, dated, is_expense, rate_amount, rate_seconds, sum(seconds)::numeric AS seconds,
       sum(units)::numeric AS units, sum(by_hand)::bigint AS by_hand
FROM (
    SELECT p.contract_line_no, d.person_no, d.work_date AS dated, p.seconds = 0 AS is_expense, p.rate_amount, p.rate_seconds,
           b.seconds_billed AS seconds, b.units_billed AS units, 0 AS by_hand
    FROM hourline.portion p
    -- LIMIT makes each look-up one by key, as in open.sql.
    JOIN LATERAL (
        SELECT seconds_billed, units_billed FROM hourline.billed_portion b
        WHERE (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part) LIMIT 1
    ) AS b ON b.seconds_billed > 0 OR b.units_billed > 0
    JOIN LATERAL (
        SELECT person_no, work_date FROM hourline.decision d
        WHERE (d.tenant, d.entry_no, d.revision) = (p.tenant, p.entry_no, p.revision) LIMIT 1
    ) AS d ON d.work_date BETWEEN %(first)s AND %(last)s
    WHERE p.contract_no = %(contract_no)s AND p.fate = %(fate_billable)s
    UNION ALL
    SELECT l.contract_line_no, d.person_no, d.work_date, p.is_expense, l.rate_amount, l.rate_seconds, 0, 0, l.net - l.net_at_rate
    FROM hourline.invoice_line l
    JOIN LATERAL (
        SELECT person_no, work_date FROM hourline.decision d
        WHERE (d.tenant, d.entry_no, d.revision) = (l.tenant, l.entry_no, l.revision) LIMIT 1
    ) AS d ON d.work_date BETWEEN %(first)s AND %(last)s
    JOIN LATERAL (
        SELECT seconds = 0 AS is_expense FROM hourline.portion p
        WHERE (p.tenant, p.entry_no, p.revision, p.part) = (l.tenant, l.entry_no, l.revision, l.part) LIMIT 1
    ) AS p ON true
    WHERE l.contract_no = %(contract_no)s AND l.entry_no IS NOT NULL AND l.net_at_rate IS NOT NULL
) AS taken
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6

-- name: days_invoiced
-- purpose: What was invoiced of a contract less credits by line, person and work date, per price; of several customers by their shares.
SELECT l.contract_line_no, d.person_no, d.work_date AS dated, p.is_expense, l.rate_amount, l.rate_seconds,
       sum(l.seconds::numeric * l.share_ppm) / 1000000 AS seconds, sum(l.units::numeric * l.share_ppm) / 1000000 AS units,
       sum(l.net - coalesce(l.net_at_rate, l.net))::bigint AS by_hand
FROM hourline.invoice_line l
JOIN LATERAL (
    SELECT person_no, work_date FROM hourline.decision d
    WHERE (d.tenant, d.entry_no, d.revision) = (l.tenant, l.entry_no, l.revision) LIMIT 1
) AS d ON d.work_date BETWEEN %(first)s AND %(last)s
JOIN LATERAL (
    SELECT seconds = 0 AS is_expense FROM hourline.portion p
    WHERE (p.tenant, p.entry_no, p.revision, p.part) = (l.tenant, l.entry_no, l.revision, l.part) LIMIT 1
) AS p ON true
WHERE l.contract_no = %(contract_no)s AND l.entry_no IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6
