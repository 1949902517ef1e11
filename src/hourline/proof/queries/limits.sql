-- name: invoiced_above_span_limit
-- purpose: Months and persons' days of contracts and contract lines of whose work more is invoiced, less credits, than the limit of the work date says now, at its exact worth in minor units, or in seconds; a month counts the highest of its days.
WITH limited AS (
    SELECT DISTINCT v.master_no, i.kind, i.id
    FROM hourline.master_version v
    JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
    WHERE i.kind IN ('contract', 'contract_line')
      AND coalesce(v.content->>'month_limit', v.content->>'month_limit_hours', v.content->>'person_day_limit',
                   v.content->>'person_day_limit_hours') IS NOT NULL
), work AS (
    SELECT l.contract_no, l.contract_line_no, d.person_no, d.work_date, i.currency,
           CASE WHEN p.seconds = 0 THEN 0 ELSE l.seconds::numeric * l.share_ppm / 1000000 END AS seconds,
           CASE WHEN p.seconds = 0 THEN 0
                ELSE l.seconds::numeric * l.share_ppm * l.rate_amount / (l.rate_seconds * 10000000000)
                     + l.net - coalesce(l.net_at_rate, l.net) END AS worth,
           CASE WHEN p.seconds = 0 THEN l.units::numeric * l.share_ppm / 1000000 + l.net - coalesce(l.net_at_rate, l.net)
                ELSE 0 END AS expenses
    FROM hourline.invoice_line l
    JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
    JOIN hourline.decision d ON d.tenant = l.tenant AND d.entry_no = l.entry_no AND d.revision = l.revision
    JOIN hourline.portion p
        ON p.tenant = l.tenant AND p.entry_no = l.entry_no AND p.revision = l.revision AND p.part = l.part
    WHERE EXISTS (SELECT FROM limited) AND l.entry_no IS NOT NULL
), said AS (
    SELECT n.kind, n.id, w.*, v.content FROM limited n
    JOIN work w ON n.master_no = CASE WHEN n.kind = 'contract' THEN w.contract_no ELSE w.contract_line_no END
    LEFT JOIN LATERAL (
        SELECT CASE WHEN v.withdrawn OR w.work_date >= v.effective_until THEN NULL ELSE v.content END AS content
        FROM hourline.master_version v
        WHERE v.master_no = n.master_no AND v.effective_from <= w.work_date ORDER BY v.change_no DESC LIMIT 1
    ) AS v ON true
), totals AS (
    SELECT kind, id, to_char(work_date, 'YYYY-MM') AS span, currency, floor(round(sum(worth + expenses), 6)) AS worth,
           sum(seconds) AS seconds, max((content->>'month_limit')::numeric) AS amount_max,
           max((content->>'month_limit_hours')::numeric) * 3600 AS seconds_max,
           bool_and(content->>'month_limit' IS NOT NULL) AS is_amount, bool_and(content->>'month_limit_hours' IS NOT NULL) AS is_hours
    FROM said GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT said.kind, said.id, work_date || ' of ' || h.id, currency, floor(round(sum(worth), 6)), sum(seconds),
           max((content->>'person_day_limit')::numeric), max((content->>'person_day_limit_hours')::numeric) * 3600,
           bool_and(content->>'person_day_limit' IS NOT NULL), bool_and(content->>'person_day_limit_hours' IS NOT NULL)
    FROM said JOIN hourline.master_identity h ON h.master_no = said.person_no GROUP BY 1, 2, 3, 4
)
SELECT replace(kind, '_', ' ') || ' ' || id || ' in ' || span AS subject, amount_max * power(10::numeric, c.decimals) AS expected,
       worth AS found
FROM totals
JOIN unnest(%(currencies)s::integer[], %(decimals)s::integer[]) AS c (currency, decimals) USING (currency)
WHERE is_amount AND worth > amount_max * power(10::numeric, c.decimals)
UNION ALL
SELECT replace(kind, '_', ' ') || ' ' || id || ' in ' || span, seconds_max, seconds FROM totals
WHERE is_hours AND seconds > seconds_max;

-- name: invoiced_above_customer_limit
-- purpose: Customers to which more is invoiced for the work of a contract or a contract line, less credits, than their limit says now, in minor units; of one that shares a contract the last version with a share says it.
WITH stated AS (
    SELECT DISTINCT ON (v.master_no) i.kind, v.content FROM hourline.master_version v
    JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
    WHERE i.kind IN ('contract_customer', 'line_customer_limit') AND NOT v.withdrawn
      AND coalesce((v.content->>'share')::numeric, 1) > 0
      AND NOT EXISTS (SELECT FROM hourline.master_version later WHERE later.master_no = v.master_no
                      AND later.change_no > v.change_no AND later.effective_from <= v.effective_from)
    ORDER BY v.master_no, v.effective_from DESC
), limited AS (
    SELECT kind, hourline.survivor((content->>'customer')::integer) AS customer_no, (content->>'limit')::numeric AS amount,
           coalesce(content->>'contract', content->>'contract_line')::integer AS place_no
    FROM stated WHERE content->>'limit' IS NOT NULL
), work AS (
    SELECT contract_no, contract_line_no, hourline.survivor(customer_no) AS customer_no, currency, net
    FROM (SELECT l.contract_no, l.contract_line_no, i.customer_no, i.currency, sum(l.net) AS net
          FROM hourline.invoice_line l
          JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
          WHERE EXISTS (SELECT FROM limited) AND l.entry_no IS NOT NULL GROUP BY 1, 2, 3, 4) AS invoiced
)
SELECT 'customer ' || c.id || CASE WHEN n.kind = 'contract_customer' THEN ' in contract ' ELSE ' on contract line ' END || p.id AS subject,
       n.amount * power(10::numeric, d.decimals) AS expected, sum(w.net) AS found
FROM limited n
JOIN work w ON w.customer_no = n.customer_no
           AND n.place_no = CASE WHEN n.kind = 'contract_customer' THEN w.contract_no ELSE w.contract_line_no END
JOIN unnest(%(currencies)s::integer[], %(decimals)s::integer[]) AS d (currency, decimals) ON d.currency = w.currency
JOIN hourline.master_identity c ON c.master_no = n.customer_no
JOIN hourline.master_identity p ON p.master_no = n.place_no
GROUP BY n.kind, c.id, p.id, n.amount, d.decimals HAVING sum(w.net) > n.amount * power(10::numeric, d.decimals);
