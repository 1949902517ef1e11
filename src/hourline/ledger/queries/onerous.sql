-- name: earned_in_runs
-- purpose: What lines had earned at their last run of recognition, through which day, and what all runs booked of it in the entity's currency.
SELECT DISTINCT ON (contract_line_no) contract_line_no, earned,
       max(through) OVER of_line AS through, sum(entity_amount) OVER of_line::bigint AS revenue
FROM hourline.revenue_recognised
WHERE contract_line_no = ANY(%(contract_line_nos)s::integer[])
WINDOW of_line AS (PARTITION BY contract_line_no)
ORDER BY contract_line_no, recognition_no DESC

-- name: earned_by_invoices
-- purpose: What milestones of lines were invoiced as revenue at once, less credits, in both currencies; of lines recognised as invoiced up to a day.
SELECT l.contract_line_no, sum(l.net)::bigint AS earned, sum(j.revenue)::bigint AS revenue
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
CROSS JOIN LATERAL (
    SELECT coalesce(sum(CASE %(revenue)s WHEN b.credit THEN b.entity_amount WHEN b.debit THEN -b.entity_amount ELSE 0 END), 0) AS revenue
    FROM hourline.journal_line b
    WHERE b.tenant = l.tenant AND b.cause_no = l.document_no AND b.part = l.line_no
      AND b.cause = CASE WHEN l.credits_document_no IS NULL THEN %(invoice)s ELSE %(credit_note)s END
) AS j
WHERE l.contract_line_no = ANY(%(contract_line_nos)s::integer[]) AND l.milestone IS NOT NULL
  AND (l.contract_line_no = ANY(%(deferred)s::integer[]) OR i.invoice_date <= %(through)s)
  AND NOT EXISTS (SELECT FROM hourline.position_change q
                  WHERE q.tenant = l.tenant AND q.cause_no = l.document_no AND q.part = l.line_no
                    AND q.cause = CASE WHEN l.credits_document_no IS NULL THEN %(invoice)s ELSE %(credit_note)s END)
  AND NOT EXISTS (SELECT FROM hourline.opening_position o WHERE o.tenant = l.tenant
                  AND o.contract_line_no = l.contract_line_no AND o.milestone = l.milestone)
GROUP BY 1

-- name: last_provisions
-- purpose: What the contracts of an entity are provided for, and through which day, by their last run.
SELECT DISTINCT ON (contract_no) contract_no, provision, realised, through
FROM hourline.onerous_provision
WHERE entity_no = %(entity_no)s
ORDER BY contract_no, provision_no DESC

-- name: run_of_transaction
-- purpose: The run of revenue recognition that this transaction has recorded, if it has.
SELECT run_no FROM hourline.recognition_run
WHERE entity_no = %(entity_no)s AND through = %(through)s AND recorded_at = now()

-- name: insert_provision
-- purpose: Record what a contract is provided for, and its figures.
INSERT INTO hourline.onerous_provision
    (run_no, entity_no, contract_no, through, currency, price_left, entity_currency, cost_left, revenue_left, realised,
     provision, used, amount)
VALUES (%(run_no)s, %(entity_no)s, %(contract_no)s, %(through)s, %(currency)s, %(price_left)s, %(entity_currency)s,
        %(cost_left)s, %(revenue_left)s, %(realised)s, %(provision)s, %(used)s, %(amount)s)
RETURNING provision_no

-- name: provisions_listed
-- purpose: What contracts of an entity were provided for, of one contract or all, in the order it was recorded.
SELECT o.provision_no, o.run_no, e.id AS entity, k.id AS contract, o.through, u.accounting_date, o.currency, o.price_left,
       o.entity_currency, o.cost_left, o.revenue_left, o.realised, o.provision, o.used, o.amount, u.recorded_at
FROM hourline.onerous_provision o
JOIN hourline.recognition_run u USING (tenant, run_no)
JOIN hourline.master_identity e ON e.tenant = o.tenant AND e.master_no = o.entity_no
JOIN hourline.master_identity k ON k.tenant = o.tenant AND k.master_no = o.contract_no
WHERE (%(contract)s::text IS NULL OR k.id = %(contract)s) AND (%(entity)s::text IS NULL OR e.id = %(entity)s)
ORDER BY o.provision_no

-- name: provided_lines
-- purpose: The figures of the lines that provisions follow from.
SELECT f.provision_no, l.id AS contract_line, f.method, f.estimate, f.cost, f.price, f.earned, f.revenue
FROM hourline.onerous_line f
JOIN hourline.master_identity l ON l.tenant = f.tenant AND l.master_no = f.contract_line_no
WHERE f.provision_no = ANY(%(provision_nos)s::bigint[])
ORDER BY f.provision_no, l.id
