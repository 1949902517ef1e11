-- name: customers_billed
-- purpose: What stands on invoices for the work of a contract by line and customer, per price, weighted by shares in millionths; what is open for one of several customers keeps its room.
SELECT contract_line_no, hourline.survivor(customer_no) AS customer_no, rate_amount, rate_seconds, seconds, units, by_hand
FROM (
    SELECT contract_line_no, customer_no, rate_amount, rate_seconds, sum(seconds)::numeric AS seconds, sum(units)::numeric AS units,
           sum(by_hand)::bigint AS by_hand
    FROM (
        SELECT p.contract_line_no, s.customer_no, p.rate_amount, p.rate_seconds, s.most_seconds::numeric * s.share_ppm AS seconds,
               s.most_units::numeric * s.share_ppm AS units, 0 AS by_hand
        FROM (
            SELECT tenant, entry_no, revision, part, customer_no, share_ppm, max(seconds_billed) OVER portion AS most_seconds,
                   max(units_billed) OVER portion AS most_units
            FROM hourline.portion_share WHERE contract_no = %(contract_no)s
            WINDOW portion AS (PARTITION BY entry_no, revision, part)
        ) AS s
        -- LIMIT makes each look-up one by key, as in open.sql.
        JOIN LATERAL (
            SELECT contract_line_no, rate_amount, rate_seconds FROM hourline.portion p
            WHERE (p.tenant, p.entry_no, p.revision, p.part) = (s.tenant, s.entry_no, s.revision, s.part) LIMIT 1
        ) AS p ON true
        UNION ALL
        SELECT l.contract_line_no, i.customer_no, l.rate_amount, l.rate_seconds,
               CASE WHEN l.share_ppm = 1000000 THEN l.seconds::numeric * 1000000 ELSE 0 END,
               CASE WHEN l.share_ppm = 1000000 THEN l.units::numeric * 1000000 ELSE 0 END,
               l.net - coalesce(l.net_at_rate, l.net)
        FROM hourline.invoice_line l
        JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
        WHERE l.contract_no = %(contract_no)s AND l.entry_no IS NOT NULL
    ) AS lines
    GROUP BY 1, 2, 3, 4
) AS billed

-- name: open_for_one
-- purpose: What of each portion of a contract is open for one of several customers, since others are billed more of it, weighted by shares in millionths.
SELECT s.entry_no, s.revision, s.part, hourline.survivor(s.customer_no) AS customer_no, p.contract_line_no, d.person_no, d.work_date AS dated,
       p.rate_amount, p.rate_seconds, (s.most_seconds - s.seconds_billed)::numeric * s.share_ppm AS seconds,
       (s.most_units - s.units_billed)::numeric * s.share_ppm AS units
FROM (
    SELECT tenant, entry_no, revision, part, customer_no, share_ppm, seconds_billed, units_billed,
           max(seconds_billed) OVER portion AS most_seconds, max(units_billed) OVER portion AS most_units
    FROM hourline.portion_share WHERE contract_no = %(contract_no)s
    WINDOW portion AS (PARTITION BY entry_no, revision, part)
) AS s
-- LIMIT makes each look-up one by key, as in open.sql.
JOIN LATERAL (
    SELECT contract_line_no, rate_amount, rate_seconds FROM hourline.portion p
    WHERE (p.tenant, p.entry_no, p.revision, p.part) = (s.tenant, s.entry_no, s.revision, s.part) LIMIT 1
) AS p ON true
JOIN LATERAL (
    SELECT person_no, work_date FROM hourline.decision d
    WHERE (d.tenant, d.entry_no, d.revision) = (s.tenant, s.entry_no, s.revision) LIMIT 1
) AS d ON true
WHERE s.seconds_billed < s.most_seconds OR s.units_billed < s.most_units
ORDER BY 1, 2, 3, 4

-- name: shares_of_portions
-- purpose: By which shares portions were billed to several customers, those of which something stands for one of them.
SELECT entry_no, revision, part, hourline.survivor(customer_no) AS customer_no, share_ppm
FROM (
    SELECT s.entry_no, s.revision, s.part, s.customer_no, s.share_ppm,
           max(s.seconds_billed + s.units_billed) OVER (PARTITION BY s.entry_no, s.revision, s.part) AS most
    FROM hourline.portion_share s
    JOIN unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[]) AS wanted (entry_no, revision, part)
        USING (entry_no, revision, part)
) AS shares
WHERE most > 0

-- name: net_of_customers
-- purpose: What was invoiced less credits for the work of a contract, by line and customer as it was then, in minor units.
SELECT contract_line_no, hourline.survivor(customer_no) AS customer_no, net
FROM (
    SELECT l.contract_line_no, i.customer_no, sum(l.net)::bigint AS net
    FROM hourline.invoice_line l
    JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
    WHERE l.contract_no = %(contract_no)s AND l.entry_no IS NOT NULL
    GROUP BY 1, 2
) AS invoiced
