-- name: recognised_to_date
-- purpose: What was recognised of the lines of contracts so far, in both currencies, through which day at the latest, and whether the last of it was a best guess.
SELECT r.contract_line_no, sum(r.amount)::bigint AS amount, sum(r.entity_amount)::bigint AS entity_amount, max(r.through) AS through,
       (array_agg(u.at_approval ORDER BY r.recognition_no DESC))[1] AS at_approval
FROM hourline.revenue_recognised r
JOIN hourline.recognition_run u USING (tenant, run_no)
WHERE r.contract_line_no = ANY(%(contract_line_nos)s::integer[])
GROUP BY 1

-- name: months_to_guess
-- purpose: By contract line: through which day the runs of a period's end went, how far guesses went, and when its first work or milestone was.
SELECT l.no AS contract_line_no, ended.through AS ended, ended.guessed, least(worked.first, reached.first) AS first
FROM unnest(%(contract_line_nos)s::integer[]) AS l (no)
CROSS JOIN LATERAL (
    SELECT max(r.through) FILTER (WHERE NOT u.at_approval) AS through, max(r.through) FILTER (WHERE u.at_approval) AS guessed
    FROM hourline.revenue_recognised r JOIN hourline.recognition_run u USING (tenant, run_no)
    WHERE r.contract_line_no = l.no
) AS ended
CROSS JOIN LATERAL (
    SELECT min(d.work_date) AS first FROM hourline.decision d
    WHERE d.contract_no = %(contract_no)s AND d.contract_line_no = l.no
      AND NOT EXISTS (SELECT FROM hourline.supersession s
                      WHERE (s.tenant, s.entry_no, s.revision) = (d.tenant, d.entry_no, d.revision))
) AS worked
CROSS JOIN LATERAL (
    SELECT min(m.reached_on) AS first FROM hourline.milestone_reached m WHERE m.contract_line_no = l.no
) AS reached
ORDER BY 1

-- name: milestones_to_date
-- purpose: The milestones of contract lines reached by a day; what an acquired unit brought along was earned before.
SELECT m.contract_line_no, m.milestone, m.amount
FROM hourline.milestone_reached m
WHERE m.contract_line_no = ANY(%(contract_line_nos)s::integer[]) AND m.reached_on <= %(through)s
  AND NOT EXISTS (SELECT FROM hourline.opening_position o WHERE o.tenant = m.tenant
                  AND o.contract_line_no = m.contract_line_no AND o.milestone = m.milestone)

-- name: worked_to_date
-- purpose: The seconds worked on contract lines through a day, by the revisions in force.
SELECT d.contract_line_no, sum(d.worked_seconds)::bigint AS done
FROM hourline.decision d
WHERE d.contract_no = ANY(%(contract_nos)s::integer[]) AND d.work_date <= %(through)s
  AND NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE (s.tenant, s.entry_no, s.revision) = (d.tenant, d.entry_no, d.revision))
GROUP BY 1

-- name: cost_to_date
-- purpose: What contract lines cost the contracting entity through a day, in minor units of its currency; each kind of cost is a part of the union.
WITH counted AS (
    SELECT d.tenant, d.entry_no, d.revision, d.contract_line_no, d.cost_amount, d.resourcing_entity_no = d.entity_no AS own,
           x.entry_no IS NOT NULL AS expense
    FROM hourline.decision d
    LEFT JOIN LATERAL (
        SELECT entry_no FROM hourline.priced_expense x
        WHERE (x.tenant, x.entry_no, x.revision) = (d.tenant, d.entry_no, d.revision) LIMIT 1
    ) AS x ON true
    WHERE d.contract_no = ANY(%(contract_nos)s::integer[]) AND d.work_date <= %(through)s
      AND NOT EXISTS (SELECT FROM hourline.supersession s
                      WHERE (s.tenant, s.entry_no, s.revision) = (d.tenant, d.entry_no, d.revision))
), costs AS (
    -- Labour of the contracting entity's own people.
    SELECT contract_line_no, cost_amount AS cost FROM counted WHERE own AND NOT expense
    UNION ALL
    -- What it costs by later terms; nothing else has a correction of its cost.
    SELECT n.contract_line_no, c.cost_after - c.cost_before
    FROM counted n
    JOIN hourline.cost_correction c ON (c.tenant, c.entry_no, c.revision) = (n.tenant, n.entry_no, n.revision)
    WHERE n.own
    UNION ALL
    -- Expenses, whoever had them: the contracting entity bears them.
    SELECT contract_line_no, cost_amount FROM counted WHERE expense
    UNION ALL
    -- Work of other entities' people, at the transfer price from its approval on.
    SELECT c.contract_line_no, t.borrower_amount
    FROM counted c
    JOIN LATERAL (
        SELECT borrower_amount FROM hourline.transfer t WHERE (t.tenant, t.entry_no, t.revision) = (c.tenant, c.entry_no, c.revision) LIMIT 1
    ) AS t ON true
    WHERE NOT c.own AND NOT c.expense
)
SELECT contract_line_no, sum(cost)::bigint AS done FROM costs GROUP BY 1

-- name: fees_to_date
-- purpose: The months of recurring fees that were billed once, which keep the fee they were billed at.
SELECT r.contract_line_no, r.milestone, r.first_day, r.last_day, r.monthly_amount, m.amount
FROM hourline.recurring_month r
JOIN hourline.milestone_reached m USING (tenant, contract_line_no, milestone)
WHERE r.contract_line_no = ANY(%(contract_line_nos)s::integer[]) AND r.first_day <= %(through)s

-- name: restarts
-- purpose: From where the rest of a price is earned anew, by contract line; the last restart holds.
SELECT DISTINCT ON (contract_line_no) contract_line_no, settled, done
FROM hourline.revenue_restart
WHERE contract_line_no = ANY(%(contract_line_nos)s::integer[])
ORDER BY contract_line_no, restart_no DESC

-- name: last_recognition
-- purpose: What the last run found of a contract line; done counts from the beginning again, whatever restarted before.
SELECT recognition_no, method, earned, done + done_before AS done
FROM hourline.revenue_recognised
WHERE contract_line_no = %(contract_line_no)s
ORDER BY recognition_no DESC LIMIT 1

-- name: taken_over
-- purpose: The revenue of contract lines that other books had recognised when they were taken over, and when that was.
SELECT o.contract_line_no, sum(o.amount)::bigint AS amount, max(b.cut_over) AS cut_over
FROM hourline.opening_position o
JOIN hourline.opening_batch b USING (tenant, batch_no)
WHERE o.kind = %(recognised)s AND o.contract_line_no = ANY(%(contract_line_nos)s::integer[])
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = o.tenant AND x.position_no = o.position_no)
GROUP BY 1

-- name: invoiced_as_revenue
-- purpose: What milestones of contract lines were invoiced as revenue at once, less credits, in minor units; opening amounts were earned in other books.
SELECT l.contract_line_no, sum(l.net)::bigint AS amount
FROM hourline.invoice_line l
WHERE l.contract_line_no = ANY(%(contract_line_nos)s::integer[]) AND l.milestone IS NOT NULL
  AND NOT EXISTS (SELECT FROM hourline.position_change q
                  WHERE q.tenant = l.tenant AND q.cause_no = l.document_no AND q.part = l.line_no
                    AND q.cause = CASE WHEN l.credits_document_no IS NULL THEN %(invoice)s ELSE %(credit_note)s END)
  AND NOT EXISTS (SELECT FROM hourline.opening_position o WHERE o.tenant = l.tenant
                  AND o.contract_line_no = l.contract_line_no AND o.milestone = l.milestone)
GROUP BY 1

-- name: insert_restart
-- purpose: Record that the rest of a price is earned anew from here.
INSERT INTO hourline.revenue_restart
    (contract_no, contract_line_no, kind, settled, done, recognition_no, actor, approver, reason)
VALUES (%(contract_no)s, %(contract_line_no)s, %(kind)s, %(settled)s, %(done)s, %(recognition_no)s, %(actor)s,
        %(approver)s, %(reason)s)

-- name: insert_run
-- purpose: Record a run of revenue recognition.
INSERT INTO hourline.recognition_run (entity_no, through, accounting_date, change_no, at_approval)
VALUES (%(entity_no)s, %(through)s, %(accounting_date)s, %(change_no)s, %(at_approval)s)
RETURNING run_no

-- name: new_recognition_nos
-- purpose: Draw numbers for what is recognised.
SELECT array_agg(nextval('hourline.document_no_seq')) FROM generate_series(1, %(count)s)

-- name: transaction_time
-- purpose: When this transaction began; one instant for all it records.
SELECT now()

-- name: revenue_listed
-- purpose: What was recognised of an entity's contracts, of one line or all, in the order it was recorded.
SELECT r.recognition_no, r.run_no, e.id AS entity, k.id AS contract, l.id AS contract_line, r.through, u.accounting_date,
       r.method, r.price, r.settled, r.done, r.whole, r.earned, r.amount, r.currency, r.entity_amount, r.entity_currency,
       u.recorded_at, u.at_approval
FROM hourline.revenue_recognised r
JOIN hourline.recognition_run u USING (tenant, run_no)
JOIN hourline.master_identity e ON e.tenant = u.tenant AND e.master_no = u.entity_no
JOIN hourline.master_identity k ON k.tenant = r.tenant AND k.master_no = r.contract_no
JOIN hourline.master_identity l ON l.tenant = r.tenant AND l.master_no = r.contract_line_no
WHERE (%(contract_line)s::text IS NULL OR l.id = %(contract_line)s)
  AND (%(entity)s::text IS NULL OR e.id = %(entity)s)
ORDER BY r.recognition_no
