-- name: vendor_match_differs_from_ledger
-- purpose: Matches of vendor bills of which the payable is not what is billed, or the payroll taken back not what their time cost, in minor units of the entity's currency; 0 of one that ended.
WITH booked AS (
    SELECT cause_no AS match_no,
           sum(CASE %(vendor_payable)s WHEN credit THEN entity_amount WHEN debit THEN -entity_amount ELSE 0 END) AS billed,
           sum(CASE %(payroll_allocation)s WHEN debit THEN entity_amount WHEN credit THEN -entity_amount ELSE 0 END) AS cost
    FROM hourline.journal_line WHERE cause = %(cause_vendor_match)s GROUP BY cause_no
), standing AS (
    SELECT m.match_no, m.billed, m.cost FROM hourline.vendor_match m
    WHERE NOT EXISTS (SELECT FROM hourline.vendor_match_undone u WHERE u.tenant = m.tenant AND u.match_no = m.match_no)
)
SELECT 'payable of match ' || match_no AS subject, coalesce(s.billed, 0)::numeric AS expected, coalesce(b.billed, 0) AS found
FROM standing s FULL JOIN booked b USING (match_no)
WHERE coalesce(s.billed, 0) <> coalesce(b.billed, 0)
UNION ALL
SELECT 'payroll of match ' || match_no, coalesce(s.cost, 0), coalesce(b.cost, 0)
FROM standing s FULL JOIN booked b USING (match_no)
WHERE coalesce(s.cost, 0) <> coalesce(b.cost, 0);

-- name: matched_but_replaced
-- purpose: Matches that stand of revisions that count no longer, or whose seconds or cost are not those of their entries, in seconds and minor units together.
SELECT 'match ' || m.match_no AS subject, (m.seconds + m.cost)::numeric AS expected,
       coalesce(sum(d.worked_seconds + d.cost_amount + coalesce(c.change, 0)) FILTER (WHERE s.entry_no IS NULL AND a.entry_no IS NOT NULL), 0) AS found
FROM hourline.vendor_match m
LEFT JOIN hourline.vendor_match_entry e ON e.tenant = m.tenant AND e.match_no = m.match_no
LEFT JOIN hourline.matched_entry a ON a.tenant = e.tenant AND a.entry_no = e.entry_no AND a.match_no = m.match_no
LEFT JOIN hourline.decision d ON d.tenant = e.tenant AND d.entry_no = e.entry_no AND d.revision = e.revision
LEFT JOIN (SELECT entry_no, revision, sum(cost_after - cost_before) AS change FROM hourline.cost_correction GROUP BY 1, 2) c
    ON c.entry_no = e.entry_no AND c.revision = e.revision
LEFT JOIN hourline.supersession s ON s.tenant = e.tenant AND s.entry_no = e.entry_no AND s.revision = e.revision
WHERE NOT EXISTS (SELECT FROM hourline.vendor_match_undone u WHERE u.tenant = m.tenant AND u.match_no = m.match_no)
GROUP BY m.match_no, m.seconds, m.cost
HAVING m.seconds + m.cost
       <> coalesce(sum(d.worked_seconds + d.cost_amount + coalesce(c.change, 0)) FILTER (WHERE s.entry_no IS NULL AND a.entry_no IS NOT NULL), 0);
