-- name: lock_assembly
-- purpose: Let one assembly of journals run at a time per tenant, so that no line is gathered twice.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    'hourline.ledger ' || control.current_tenant(), 0)))

-- name: offset_pairs
-- purpose: Take out of a ledger every line with its mirror where neither was sent: both are on no journal of it yet.
WITH routed AS MATERIALIZED (
    SELECT * FROM unnest(%(route_entity_nos)s::integer[], %(route_effects)s::smallint[],
                         %(route_froms)s::date[], %(route_untils)s::date[])
        AS route (entity_no, effect, effective_from, effective_until)
)
INSERT INTO hourline.journal_offset (connection_no, line_no, mirror_line_no)
SELECT %(connection_no)s, o.line_no, m.line_no
FROM hourline.journal_line m
JOIN hourline.journal_line o
    ON o.tenant = m.tenant AND o.cause = m.cause AND o.cause_no = m.cause_no AND o.cause_revision = m.cause_revision
   AND o.part = m.part AND o.effect = m.effect AND NOT o.mirror
   AND (o.debit, o.credit, o.entity_no, o.entity_amount) = (m.credit, m.debit, m.entity_no, m.entity_amount)
WHERE m.mirror AND m.effect = ANY(%(effects)s)
  AND EXISTS (SELECT FROM routed r
              WHERE coalesce(r.entity_no, m.entity_no) = m.entity_no AND coalesce(r.effect, m.effect) = m.effect
                AND m.accounting_date >= r.effective_from AND m.accounting_date < r.effective_until)
  AND EXISTS (SELECT FROM routed r
              WHERE coalesce(r.entity_no, o.entity_no) = o.entity_no AND coalesce(r.effect, o.effect) = o.effect
                AND o.accounting_date >= r.effective_from AND o.accounting_date < r.effective_until)
  AND NOT EXISTS (SELECT FROM hourline.journal_member b
                  WHERE b.tenant = m.tenant AND b.connection_no = %(connection_no)s
                    AND b.line_no IN (m.line_no, o.line_no))
  AND NOT EXISTS (SELECT FROM hourline.journal_offset f
                  WHERE f.tenant = m.tenant AND f.connection_no = %(connection_no)s AND f.mirror_line_no = m.line_no)

-- name: offset_cancelled
-- purpose: Take out of a ledger every mirror of a line that was on a journal which somebody cancelled there.
INSERT INTO hourline.journal_offset (connection_no, line_no, mirror_line_no, cancelled_journal_no)
SELECT b.connection_no, o.line_no, m.line_no, b.journal_no
FROM hourline.journal_line m
JOIN hourline.journal_line o
    ON o.tenant = m.tenant AND o.cause = m.cause AND o.cause_no = m.cause_no AND o.cause_revision = m.cause_revision
   AND o.part = m.part AND o.effect = m.effect AND NOT o.mirror
JOIN hourline.journal_member b
    ON b.tenant = o.tenant AND b.line_no = o.line_no AND b.connection_no = %(connection_no)s
JOIN hourline.posting_intent p
    ON p.tenant = b.tenant AND p.connection_no = b.connection_no AND p.kind = %(journal)s
   AND p.document_no = b.journal_no AND p.state = %(cancelled)s
WHERE m.mirror AND m.effect = ANY(%(effects)s)
  AND NOT EXISTS (SELECT FROM hourline.journal_member n
                  WHERE n.tenant = m.tenant AND n.connection_no = %(connection_no)s AND n.line_no = m.line_no)
  AND NOT EXISTS (SELECT FROM hourline.journal_offset f
                  WHERE f.tenant = m.tenant AND f.connection_no = %(connection_no)s AND f.mirror_line_no = m.line_no)

-- name: assemble_journals
-- purpose: Put every line that is on no journal of a ledger on the next one of its entity, effect and day, month or cause.
WITH taken AS MATERIALIZED (
    SELECT * FROM unnest(%(taken_entity_nos)s::integer[], %(taken_effects)s::smallint[],
                         %(taken_froms)s::date[], %(taken_untils)s::date[])
        AS route (entity_no, effect, effective_from, effective_until)
), open AS MATERIALIZED (
    SELECT l.*,
           concat_ws(':', l.cause, l.cause_no, l.cause_revision, l.part, l.effect, l.mirror::int,
                     l.debit, l.credit, l.entity_amount) AS key
    FROM hourline.journal_line l
    WHERE l.effect = ANY(%(effects)s) AND l.entity_no = coalesce(%(entity_no)s, l.entity_no)
      AND l.accounting_date >= %(effective_from)s AND l.accounting_date < %(effective_until)s
      AND NOT EXISTS (SELECT FROM hourline.journal_member b
                      WHERE b.tenant = l.tenant AND b.line_no = l.line_no AND b.connection_no = %(connection_no)s)
      AND NOT EXISTS (SELECT FROM hourline.journal_offset f
                      WHERE f.tenant = l.tenant AND f.connection_no = %(connection_no)s AND f.line_no = l.line_no)
      AND NOT EXISTS (SELECT FROM hourline.journal_offset f
                      WHERE f.tenant = l.tenant AND f.connection_no = %(connection_no)s AND f.mirror_line_no = l.line_no)
      AND NOT EXISTS (SELECT FROM taken t
                      WHERE coalesce(t.entity_no, l.entity_no) = l.entity_no AND coalesce(t.effect, l.effect) = l.effect
                        AND l.accounting_date >= t.effective_from AND l.accounting_date < t.effective_until)
      -- A mirror waits until what it takes back is proven booked; derived from what was posted, never from what was planned.
      -- What was only compared is booked there by another system.
      AND NOT (l.mirror AND EXISTS (
          SELECT FROM hourline.journal_line o
          JOIN hourline.journal_member b
              ON b.tenant = o.tenant AND b.line_no = o.line_no AND b.connection_no = %(connection_no)s
          WHERE o.tenant = l.tenant AND o.cause = l.cause AND o.cause_no = l.cause_no
            AND o.cause_revision = l.cause_revision AND o.part = l.part AND o.effect = l.effect AND NOT o.mirror
            AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                            WHERE p.tenant = b.tenant AND p.connection_no = b.connection_no AND p.kind = %(journal)s
                              AND p.document_no = b.journal_no AND p.state = ANY(%(booked)s))
            AND (EXISTS (SELECT FROM hourline.posting_intent p
                         WHERE p.tenant = b.tenant AND p.connection_no = b.connection_no AND p.kind = %(journal)s
                           AND p.document_no = b.journal_no)
                 OR NOT EXISTS (SELECT FROM hourline.shadow_document s
                                WHERE s.tenant = b.tenant AND s.connection_no = b.connection_no AND s.kind = %(journal)s
                                  AND s.document_no = b.journal_no))))
), keyed AS MATERIALIZED (
    SELECT o.*, CASE %(grain)s
        WHEN 'day' THEN to_char(o.accounting_date, 'YYYY-MM-DD')
        WHEN 'month' THEN to_char(o.accounting_date, 'YYYY-MM')
        ELSE CASE WHEN o.mirror THEN 'reversal of ' ELSE '' END
             || hourline.cause_name(o.cause, o.cause_no, o.cause_revision)
        END AS group_key
    FROM open o
), gathered AS (
    SELECT entity_no, effect, group_key, max(accounting_date) AS accounting_date, min(entity_currency) AS currency,
           sum(entity_amount)::bigint AS total,
           sha256(convert_to(string_agg(key, E'\n' ORDER BY key COLLATE "C"), 'UTF8')) AS content_hash
    FROM keyed
    GROUP BY entity_no, effect, group_key
), numbered AS MATERIALIZED (
    SELECT nextval('hourline.document_no_seq') AS journal_no, g.*,
           1 + coalesce((SELECT max(j.sequence) FROM hourline.journal j
                         WHERE j.connection_no = %(connection_no)s AND j.entity_no = g.entity_no AND j.kind = g.effect
                           AND j.grain = %(grain)s AND j.group_key = g.group_key), 0) AS sequence
    FROM (SELECT * FROM gathered ORDER BY entity_no, accounting_date, effect, group_key COLLATE "C") AS g
), made AS (
    INSERT INTO hourline.journal (journal_no, connection_no, entity_no, kind, grain, group_key, accounting_date,
                                  sequence, currency, total, content_hash)
    SELECT journal_no, %(connection_no)s, entity_no, effect, %(grain)s, group_key, accounting_date,
           sequence, currency, total, content_hash
    FROM numbered
), joined AS (
    INSERT INTO hourline.journal_member (line_no, journal_no, connection_no)
    SELECT keyed.line_no, numbered.journal_no, %(connection_no)s
    FROM keyed JOIN numbered USING (entity_no, effect, group_key)
)
SELECT journal_no FROM numbered ORDER BY journal_no

-- name: journal
-- purpose: The head of a journal.
SELECT journal_no, connection_no, entity_no, kind, grain, group_key, accounting_date, sequence, currency, total,
       content_hash
FROM hourline.journal WHERE journal_no = %(journal_no)s

-- name: journal_sums
-- purpose: The lines of a journal summed by roles, project and departments, the dimensions' source.
SELECT l.debit, l.credit, l.project_no, sum(l.entity_amount)::bigint AS amount, x.person_cost_centre_no, x.project_cost_centre_no
FROM hourline.journal j
JOIN hourline.journal_member m USING (tenant, journal_no, connection_no)
JOIN hourline.journal_line l USING (tenant, line_no)
LEFT JOIN hourline.cross_charge x
    ON l.effect = %(cross_charge)s AND x.tenant = l.tenant AND x.entry_no = l.cause_no AND x.revision = l.cause_revision
WHERE j.journal_no = %(journal_no)s
GROUP BY l.debit, l.credit, l.project_no, x.person_cost_centre_no, x.project_cost_centre_no
ORDER BY l.debit, l.credit, l.project_no, x.person_cost_centre_no, x.project_cost_centre_no

-- name: journal_members
-- purpose: The lines of a journal with what caused each: the drill-down of its sums.
SELECT l.line_no, l.cause, l.cause_no, l.cause_revision, l.part, l.effect, l.mirror, l.contract_no, l.project_no,
       l.person_no, l.debit, l.credit, l.currency, l.amount, l.entity_amount, l.accounting_date, l.document_date,
       hourline.cause_name(l.cause, l.cause_no, l.cause_revision) AS cause_name,
       x.person_cost_centre_no, x.project_cost_centre_no
FROM hourline.journal j
JOIN hourline.journal_member m USING (tenant, journal_no, connection_no)
JOIN hourline.journal_line l USING (tenant, line_no)
LEFT JOIN hourline.cross_charge x
    ON l.effect = %(cross_charge)s AND x.tenant = l.tenant AND x.entry_no = l.cause_no AND x.revision = l.cause_revision
WHERE j.journal_no = %(journal_no)s
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

-- name: date_of_document
-- purpose: The accounting date of an issued document.
SELECT accounting_date FROM hourline.invoice WHERE document_no = %(document_no)s
