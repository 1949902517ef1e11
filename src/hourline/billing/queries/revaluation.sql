-- name: lock_revaluation
-- purpose: Let one revaluation of an entity run at a time.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    concat('hourline.revaluation ', control.current_tenant(), ' ', %(entity_no)s::integer), 0)))

-- name: foreign_receivables
-- purpose: What invoices in a foreign currency have on receivable and on retainage by documents dated through a day, in their currency and in the entity's, with what revaluations of the same month through that day added.
WITH moved AS (
    SELECT i.document_no, i.document_no AS cause_no, %(cause_invoice)s::smallint AS cause
    FROM hourline.invoice i
    WHERE i.entity_no = %(entity_no)s AND i.kind = %(invoice)s AND i.currency <> i.entity_currency
    UNION ALL
    SELECT n.credits_document_no, n.document_no, %(cause_credit_note)s FROM hourline.invoice n
    WHERE n.entity_no = %(entity_no)s AND n.credits_document_no IS NOT NULL AND n.currency <> n.entity_currency
    UNION ALL
    SELECT p.document_no, p.payment_no, %(cause_payment)s FROM hourline.payment p
    UNION ALL
    SELECT w.document_no, w.drawdown_no, %(cause_drawdown)s FROM hourline.drawdown w
    UNION ALL
    SELECT g.document_no, g.write_off_no, %(cause_write_off)s FROM hourline.invoice_write_off g
    UNION ALL
    SELECT e.document_no, e.release_no, %(cause_release)s FROM hourline.retainage_release e
), receivable AS (
    SELECT m.document_no, a.role,
           sum(CASE j.debit WHEN a.role THEN j.amount ELSE -j.amount END)::bigint AS due,
           sum(CASE j.debit WHEN a.role THEN j.entity_amount ELSE -j.entity_amount END)::bigint AS carried
    FROM moved m
    JOIN hourline.journal_line j ON j.cause = m.cause AND j.cause_no = m.cause_no
    JOIN (VALUES (%(role_receivable)s::smallint), (%(role_retainage)s)) AS a (role) ON a.role IN (j.debit, j.credit)
    WHERE j.document_date <= %(through)s
    GROUP BY m.document_no, a.role
), added AS (
    SELECT v.document_no, v.role, sum(v.amount)::bigint AS amount
    FROM hourline.revaluation v
    JOIN hourline.revaluation_run r ON r.tenant = v.tenant AND r.run_no = v.run_no
    WHERE r.entity_no = %(entity_no)s AND r.through BETWEEN date_trunc('month', %(through)s::date) AND %(through)s
    GROUP BY v.document_no, v.role
)
SELECT i.document_no, i.number, i.contract_no, i.currency, i.entity_currency, v.role, coalesce(v.due, 0) AS due,
       coalesce(v.carried, 0) AS carried, coalesce(v.amount, 0) AS revalued
FROM hourline.invoice i
JOIN (receivable c FULL JOIN added a USING (document_no, role)) AS v ON v.document_no = i.document_no
WHERE i.entity_no = %(entity_no)s AND i.kind = %(invoice)s AND i.currency <> i.entity_currency
  AND (coalesce(v.due, 0) <> 0 OR coalesce(v.carried, 0) <> 0 OR coalesce(v.amount, 0) <> 0)
ORDER BY i.document_no, v.role

-- name: later_revaluations
-- purpose: Later days of the same month through which an entity's receivables were valued before.
SELECT DISTINCT through FROM hourline.revaluation_run
WHERE entity_no = %(entity_no)s AND through > %(through)s
  AND through < date_trunc('month', %(through)s::date) + interval '1 month'
ORDER BY through

-- name: insert_revaluation_run
-- purpose: Record a revaluation of an entity's receivables.
INSERT INTO hourline.revaluation_run (entity_no, through, booked_on, reversed_on)
VALUES (%(entity_no)s, %(through)s, %(booked_on)s, %(reversed_on)s)
RETURNING run_no

-- name: insert_revaluation
-- purpose: Record what a run added to the receivable of one invoice, or to what is withheld of it.
INSERT INTO hourline.revaluation (run_no, document_no, role, currency, due, carried, valued, amount)
VALUES (%(run_no)s, %(document_no)s, %(role)s, %(currency)s, %(due)s, %(carried)s, %(valued)s, %(amount)s)
RETURNING revaluation_no

-- name: revaluations_listed
-- purpose: What every run added to the receivable of which invoice, of all entities or of one.
SELECT r.run_no, e.id AS entity, r.through, r.booked_on, r.reversed_on, i.number, v.role, v.currency, i.entity_currency,
       v.due, v.carried, v.valued, v.amount
FROM hourline.revaluation_run r
JOIN hourline.revaluation v ON v.tenant = r.tenant AND v.run_no = r.run_no
JOIN hourline.invoice i ON i.tenant = v.tenant AND i.document_no = v.document_no
JOIN hourline.master_identity e ON e.tenant = r.tenant AND e.master_no = r.entity_no
WHERE %(entity)s::text IS NULL OR e.id = %(entity)s
ORDER BY r.run_no, v.revaluation_no
