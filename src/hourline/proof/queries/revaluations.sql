-- name: revaluation_differs_from_ledger
-- purpose: Revaluations not booked at their amount, not reversed to 0 a month later, or whose sum in a month is not the difference of value and carried amount, in minor units of the entity's currency; and journal lines of none.
WITH booked AS (
    SELECT j.cause_no AS revaluation_no,
           sum(CASE coalesce(v.role, %(receivable)s) WHEN j.debit THEN j.entity_amount WHEN j.credit THEN -j.entity_amount ELSE 0 END)
               FILTER (WHERE j.part = 0 AND NOT j.mirror) AS amount,
           sum(CASE coalesce(v.role, %(receivable)s) WHEN j.debit THEN j.entity_amount WHEN j.credit THEN -j.entity_amount ELSE 0 END)
               AS left_over
    FROM hourline.journal_line j
    LEFT JOIN hourline.revaluation v ON v.tenant = j.tenant AND v.revaluation_no = j.cause_no
    WHERE j.cause = %(cause_revaluation)s GROUP BY j.cause_no
)
SELECT 'revaluation ' || coalesce(v.revaluation_no, b.revaluation_no) AS subject,
       coalesce(v.amount, 0)::numeric AS expected, coalesce(b.amount, 0) AS found
FROM hourline.revaluation v FULL JOIN booked b USING (revaluation_no)
WHERE coalesce(v.amount, 0) <> coalesce(b.amount, 0)
UNION ALL
SELECT 'reversal of revaluation ' || revaluation_no, 0, left_over FROM booked WHERE left_over <> 0
UNION ALL
SELECT 'revaluation ' || v.revaluation_no || ' with those before it', v.valued - v.carried, sum(e.amount)
FROM hourline.revaluation v
JOIN hourline.revaluation_run r ON r.tenant = v.tenant AND r.run_no = v.run_no
JOIN hourline.revaluation_run f ON f.tenant = r.tenant AND f.entity_no = r.entity_no AND f.run_no <= r.run_no
    AND f.through BETWEEN date_trunc('month', r.through) AND r.through
JOIN hourline.revaluation e ON e.tenant = f.tenant AND e.run_no = f.run_no AND e.document_no = v.document_no AND e.role = v.role
GROUP BY v.revaluation_no, v.valued, v.carried
HAVING v.valued - v.carried <> sum(e.amount);
