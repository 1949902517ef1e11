-- name: lock_assembly
-- purpose: Let one assembly of journals run at a time per tenant, so that no line is gathered twice.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    'hourline.ledger ' || control.current_tenant(), 0)))

-- name: assemble_journals
-- purpose: Put every line that is on no journal on the next journal of its entity, effect and accounting date.
WITH open AS MATERIALIZED (
    SELECT l.line_no, l.entity_no, l.effect, l.accounting_date, l.entity_currency, l.entity_amount,
           concat_ws(':', l.cause, l.cause_no, l.cause_revision, l.part, l.effect, l.mirror::int,
                     l.debit, l.credit, l.entity_amount) AS key
    FROM hourline.journal_line l
    WHERE l.effect = ANY(%(effects)s) AND l.entity_no = coalesce(%(entity_no)s, l.entity_no)
      AND NOT EXISTS (SELECT FROM hourline.journal_member m WHERE m.tenant = l.tenant AND m.line_no = l.line_no)
), gathered AS (
    SELECT entity_no, effect, accounting_date, min(entity_currency) AS currency, sum(entity_amount)::bigint AS total,
           sha256(convert_to(string_agg(key, E'\n' ORDER BY key COLLATE "C"), 'UTF8')) AS content_hash
    FROM open
    GROUP BY entity_no, effect, accounting_date
), numbered AS MATERIALIZED (
    SELECT nextval('hourline.document_no_seq') AS journal_no, g.*,
           1 + coalesce((SELECT max(j.sequence) FROM hourline.journal j
                         WHERE j.entity_no = g.entity_no AND j.kind = g.effect
                           AND j.accounting_date = g.accounting_date), 0) AS sequence
    FROM (SELECT * FROM gathered ORDER BY entity_no, accounting_date, effect) AS g
), made AS (
    INSERT INTO hourline.journal (journal_no, entity_no, kind, accounting_date, sequence, currency, total, content_hash)
    SELECT journal_no, entity_no, effect, accounting_date, sequence, currency, total, content_hash FROM numbered
), joined AS (
    INSERT INTO hourline.journal_member (line_no, journal_no)
    SELECT open.line_no, numbered.journal_no FROM open JOIN numbered USING (entity_no, effect, accounting_date)
)
SELECT journal_no FROM numbered ORDER BY journal_no

-- name: journal
-- purpose: The head of a journal.
SELECT journal_no, entity_no, kind, accounting_date, sequence, currency, total, content_hash
FROM hourline.journal WHERE journal_no = %(journal_no)s

-- name: journal_sums
-- purpose: The lines of a journal summed by roles and project, the dimensions' source.
SELECT l.debit, l.credit, l.project_no, sum(l.entity_amount)::bigint AS amount
FROM hourline.journal_member m
JOIN hourline.journal_line l USING (tenant, line_no)
WHERE m.journal_no = %(journal_no)s
GROUP BY l.debit, l.credit, l.project_no
ORDER BY l.debit, l.credit, l.project_no

-- name: journal_members
-- purpose: The lines of a journal with what caused each: the drill-down of its sums.
SELECT l.line_no, l.cause, l.cause_no, l.cause_revision, l.part, l.effect, l.mirror, l.contract_no, l.project_no,
       l.person_no, l.debit, l.credit, l.currency, l.amount, l.entity_amount, l.accounting_date, l.document_date
FROM hourline.journal_member m
JOIN hourline.journal_line l USING (tenant, line_no)
WHERE m.journal_no = %(journal_no)s
ORDER BY l.line_no

-- name: document_sums
-- purpose: Sale and tax of an issued document summed by roles and project.
SELECT debit, credit, project_no, sum(entity_amount)::bigint AS amount
FROM hourline.journal_line
WHERE cause = %(cause)s AND cause_no = %(document_no)s AND effect = ANY(%(effects)s) AND NOT mirror
GROUP BY debit, credit, project_no
ORDER BY debit, credit, project_no

-- name: entity_of_document
-- purpose: The entity in whose books an issued document stands.
SELECT entity_no FROM hourline.invoice WHERE document_no = %(document_no)s
