-- name: position_differs_from_documents
-- purpose: Document lines, recognitions and balances taken over that put something else into their contract's position than they are worth, in minor units.
SELECT i.number || ' line ' || l.line_no AS subject, l.net::numeric AS expected, q.amount::numeric AS found
FROM hourline.position_change q
JOIN hourline.invoice_line l ON l.tenant = q.tenant AND l.document_no = q.cause_no AND l.line_no = q.part
JOIN hourline.invoice i ON i.tenant = q.tenant AND i.document_no = q.cause_no
WHERE q.cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND q.amount <> l.net
UNION ALL
SELECT 'recognition ' || r.recognition_no, -r.amount::numeric, coalesce(q.amount, 0)::numeric
FROM hourline.revenue_recognised r
LEFT JOIN hourline.position_change q
    ON q.tenant = r.tenant AND q.cause = %(cause_recognition)s AND q.cause_no = r.recognition_no AND q.part = 0
WHERE coalesce(q.amount, 0) <> -r.amount
UNION ALL
SELECT 'batch ' || o.batch_no || ' row ' || o.row_no,
       (CASE WHEN x.position_no IS NULL THEN 1 ELSE 0 END
        * CASE WHEN o.contract_asset > 0 THEN -o.contract_asset WHEN o.kind = %(deferred)s THEN o.amount
               ELSE o.contract_liability END)::numeric,
       coalesce(q.amount, 0)
FROM hourline.opening_position o
LEFT JOIN hourline.opening_reversal x USING (tenant, position_no)
LEFT JOIN (SELECT cause_no, sum(amount) AS amount FROM hourline.position_change
           WHERE cause = %(cause_opening)s GROUP BY 1) AS q ON q.cause_no = o.position_no
WHERE coalesce(q.amount, 0) <> CASE WHEN x.position_no IS NULL THEN 1 ELSE 0 END
    * CASE WHEN o.contract_asset > 0 THEN -o.contract_asset WHEN o.kind = %(deferred)s THEN o.amount
           ELSE o.contract_liability END
UNION ALL
-- A credit of a line that is in the position is in it as well.
SELECT i.number || ' line ' || k.line_no, k.net::numeric, 0
FROM hourline.invoice_line k
JOIN hourline.position_change o ON o.tenant = k.tenant AND o.cause = %(cause_invoice)s
    AND o.cause_no = k.credits_document_no AND o.part = k.credits_line_no
JOIN hourline.invoice i ON i.tenant = k.tenant AND i.document_no = k.document_no
WHERE NOT EXISTS (SELECT FROM hourline.position_change q WHERE q.tenant = k.tenant
                  AND q.cause = %(cause_credit_note)s AND q.cause_no = k.document_no AND q.part = k.line_no);

-- name: position_differs_from_ledger
-- purpose: Contracts whose liability less asset in the ledger is not what they were invoiced less what they earned, in minor units of both currencies; retainers and prepaid hours are apart.
WITH ledger AS (
    SELECT j.contract_no,
           sum(CASE WHEN j.credit IN (%(liability)s, %(asset)s) THEN j.amount ELSE 0 END
               - CASE WHEN j.debit IN (%(liability)s, %(asset)s) THEN j.amount ELSE 0 END) AS amount,
           sum(CASE WHEN j.credit IN (%(liability)s, %(asset)s) THEN j.entity_amount ELSE 0 END
               - CASE WHEN j.debit IN (%(liability)s, %(asset)s) THEN j.entity_amount ELSE 0 END) AS entity_amount
    FROM hourline.journal_line j
    WHERE (%(liability)s IN (j.debit, j.credit) OR %(asset)s IN (j.debit, j.credit))
      AND (j.effect IN (%(recognition)s, %(fx)s)
           AND j.cause IN (%(cause_invoice)s, %(cause_credit_note)s, %(cause_recognition)s, %(cause_opening)s)
           OR j.effect = ANY(%(opening_effects)s::smallint[]) OR j.effect = %(sale)s AND EXISTS (
               SELECT FROM hourline.position_change q
               WHERE (q.tenant, q.cause, q.cause_no, q.part) = (j.tenant, j.cause, j.cause_no, j.part)))
    GROUP BY 1
), position AS (
    SELECT contract_no, sum(amount) AS amount, sum(entity_amount + entity_residue) AS entity_amount
    FROM hourline.position_change GROUP BY 1
), sides AS (
    SELECT contract_no, 'own' AS side, p.amount AS expected, g.amount AS found
    FROM position p FULL JOIN ledger g USING (contract_no)
    UNION ALL
    SELECT contract_no, 'entity', p.entity_amount, g.entity_amount
    FROM position p FULL JOIN ledger g USING (contract_no)
)
SELECT 'contract ' || coalesce(i.id, '?') || ' in its ' || side || ' currency' AS subject,
       coalesce(expected, 0) AS expected, coalesce(found, 0) AS found
FROM sides LEFT JOIN hourline.master_identity i ON i.master_no = contract_no
WHERE coalesce(expected, 0) <> coalesce(found, 0);

-- name: asset_and_liability_open
-- purpose: Contracts with a contract asset and a contract liability at once, in minor units of the asset; retainers and prepaid hours are apart.
SELECT 'contract ' || coalesce(i.id, '?') AS subject, 0::numeric AS expected, s.asset AS found
FROM (
    SELECT j.contract_no,
           sum(CASE %(asset)s WHEN j.debit THEN j.amount WHEN j.credit THEN -j.amount ELSE 0 END) AS asset,
           sum(CASE %(liability)s WHEN j.credit THEN j.amount WHEN j.debit THEN -j.amount ELSE 0 END) AS liability
    FROM hourline.journal_line j
    WHERE (%(liability)s IN (j.debit, j.credit) OR %(asset)s IN (j.debit, j.credit))
      AND (j.effect = %(recognition)s OR j.effect = ANY(%(opening_effects)s::smallint[]) OR j.effect = %(sale)s AND EXISTS (
               SELECT FROM hourline.position_change q
               WHERE (q.tenant, q.cause, q.cause_no, q.part) = (j.tenant, j.cause, j.cause_no, j.part)))
    GROUP BY 1
) AS s
LEFT JOIN hourline.master_identity i ON i.master_no = s.contract_no
WHERE s.asset <> 0 AND s.liability <> 0 OR s.asset < 0 OR s.liability < 0;

-- name: revenue_differs_from_recognition
-- purpose: Contract lines whose recognised revenue in the ledger, or whose runs added up, are not what they had earned at the last run less what was booked as revenue otherwise, in minor units.
WITH last_run AS (
    SELECT DISTINCT ON (contract_line_no) contract_line_no, earned, booked_elsewhere FROM hourline.revenue_recognised
    ORDER BY contract_line_no, recognition_no DESC
), runs AS (
    SELECT contract_line_no, sum(amount) AS amount FROM hourline.revenue_recognised GROUP BY 1
), ledger AS (
    SELECT r.contract_line_no,
           sum(CASE %(revenue)s WHEN j.credit THEN j.amount WHEN j.debit THEN -j.amount ELSE 0 END) AS amount
    FROM hourline.revenue_recognised r
    JOIN hourline.journal_line j ON j.tenant = r.tenant AND j.cause = %(cause_recognition)s AND j.cause_no = r.recognition_no
    GROUP BY 1
)
SELECT 'contract line ' || coalesce(i.id, '?') AS subject, (e.earned - e.booked_elsewhere)::numeric AS expected,
       coalesce(found.amount, 0) AS found
FROM last_run e
LEFT JOIN hourline.master_identity i ON i.master_no = e.contract_line_no
CROSS JOIN LATERAL (
    SELECT amount FROM runs WHERE runs.contract_line_no = e.contract_line_no
    UNION ALL
    SELECT coalesce((SELECT amount FROM ledger WHERE ledger.contract_line_no = e.contract_line_no), 0)
) AS found
WHERE e.earned - e.booked_elsewhere <> coalesce(found.amount, 0);

-- name: earned_differs_from_figures
-- purpose: Recognitions whose exact earnings do not follow from their own figures, in minor units.
SELECT 'recognition ' || recognition_no AS subject, follows.amount AS expected, earned_numerator / earned_denominator AS found
FROM hourline.revenue_recognised
CROSS JOIN LATERAL (
    SELECT CASE method
        WHEN 'milestone' THEN settled::numeric * whole
        WHEN 'completed' THEN CASE WHEN done = whole THEN greatest(price, settled) ELSE settled END * whole
        ELSE settled * whole + price * least(done, whole) END AS times_whole
) AS times
CROSS JOIN LATERAL (SELECT CASE WHEN whole = 0 THEN settled::numeric ELSE times_whole / whole END AS amount) AS follows
WHERE times_whole * earned_denominator <> earned_numerator * whole;

-- name: fee_differs_from_days
-- purpose: Months of recurring fees whose amount is further from the share of their days than rounding may take it, in minor units.
SELECT 'contract line ' || coalesce(i.id, '?') || ' month ' || r.milestone AS subject, m.amount::numeric AS expected,
       round(share.exact) AS found
FROM hourline.recurring_month r
JOIN hourline.milestone_reached m USING (tenant, contract_line_no, milestone)
LEFT JOIN hourline.master_identity i ON i.tenant = r.tenant AND i.master_no = r.contract_line_no
CROSS JOIN LATERAL (
    SELECT r.monthly_amount::numeric * (r.last_day - r.first_day + 1) / r.month_days AS exact
) AS share
-- A fee is a step between two rounded totals, each half a minor unit off at most.
WHERE abs(m.amount - share.exact) > 1;
