-- name: compared_documents
-- purpose: Invoices or credit notes that a route compares only; those not kept yet, or all again.
SELECT i.document_no FROM hourline.invoice i
WHERE i.kind = %(kind)s AND i.entity_no = coalesce(%(entity_no)s, i.entity_no)
  AND i.accounting_date >= %(effective_from)s AND i.accounting_date < %(effective_until)s
  AND (%(again)s OR NOT EXISTS (
      SELECT FROM hourline.shadow_document s
      WHERE s.tenant = i.tenant AND s.document_no = i.document_no AND s.kind = %(kind)s
        AND s.connection_no = %(connection_no)s))
ORDER BY i.document_no;

-- name: compared_journals
-- purpose: Journals that a route compares only; those not kept yet, or all again.
SELECT j.journal_no FROM hourline.journal j
WHERE j.connection_no = %(connection_no)s
  AND j.entity_no = coalesce(%(entity_no)s, j.entity_no) AND j.kind = coalesce(%(effect)s, j.kind)
  AND j.accounting_date >= %(effective_from)s AND j.accounting_date < %(effective_until)s
  AND (%(again)s OR NOT EXISTS (
      SELECT FROM hourline.shadow_document s
      WHERE s.tenant = j.tenant AND s.document_no = j.journal_no AND s.kind = %(kind)s
        AND s.connection_no = %(connection_no)s))
ORDER BY j.journal_no;

-- name: compared_write_backs
-- purpose: Documents that bill time of a source which is only compared with; those not kept yet, or all again.
SELECT i.document_no FROM hourline.invoice i
WHERE (%(entity_no)s::integer IS NULL OR i.entity_no = %(entity_no)s)
  AND i.accounting_date >= %(effective_from)s AND i.accounting_date < %(effective_until)s
  AND EXISTS (SELECT FROM hourline.invoice_line l
              JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = l.entry_no
              WHERE l.tenant = i.tenant AND l.document_no = i.document_no
                AND e.connection_no = %(connection_no)s)
  AND (%(again)s OR NOT EXISTS (
      SELECT FROM hourline.shadow_document s
      WHERE s.tenant = i.tenant AND s.document_no = i.document_no AND s.kind = %(kind)s
        AND s.connection_no = %(connection_no)s))
ORDER BY i.document_no;

-- name: keep_shadow
-- purpose: What would be sent of a document, unless that was kept as it is.
INSERT INTO hourline.shadow_document
    (connection_no, kind, document_no, version, entity_no, accounting_date, key, payload, payload_hash)
SELECT %(connection_no)s, %(kind)s, d.document_no, coalesce(last.version, 0) + 1, d.entity_no,
       d.accounting_date, %(key)s, %(payload)s, %(payload_hash)s
FROM (
    SELECT document_no, entity_no, accounting_date FROM hourline.invoice WHERE document_no = %(document_no)s
    UNION ALL
    SELECT journal_no, entity_no, accounting_date FROM hourline.journal WHERE journal_no = %(document_no)s
) d
LEFT JOIN LATERAL (
    SELECT s.version, s.payload_hash FROM hourline.shadow_document s
    WHERE s.connection_no = %(connection_no)s AND s.kind = %(kind)s AND s.document_no = d.document_no
    ORDER BY s.version DESC LIMIT 1
) last ON true
WHERE last.payload_hash IS DISTINCT FROM %(payload_hash)s::bytea;

-- name: shadow_documents
-- purpose: What would be sent to a connection now, of the documents its routes compare between two days.
SELECT DISTINCT ON (s.kind, s.document_no)
       s.kind, s.document_no, s.accounting_date, s.key, s.payload, s.recorded_at
FROM hourline.shadow_document s
WHERE s.connection_no = %(connection_no)s
  AND s.accounting_date >= %(since)s AND s.accounting_date < %(until)s
  AND EXISTS (
      SELECT FROM unnest(%(kinds)s::smallint[], %(route_entity_nos)s::integer[], %(route_effects)s::smallint[],
                         %(route_froms)s::date[], %(route_untils)s::date[])
          AS route (kind, entity_no, effect, effective_from, effective_until)
      WHERE route.kind = s.kind AND (route.entity_no IS NULL OR route.entity_no = s.entity_no)
        AND (route.effect IS NULL OR EXISTS (
            SELECT FROM hourline.journal j
            WHERE j.tenant = s.tenant AND j.journal_no = s.document_no AND j.kind = route.effect))
        AND s.accounting_date >= route.effective_from AND s.accounting_date < route.effective_until)
ORDER BY s.kind, s.document_no, s.version DESC;

-- name: shadow_since
-- purpose: When the first document was kept for a connection, and the days of the first and the last one.
SELECT min(recorded_at) AS recorded_at, min(accounting_date) AS first_day, max(accounting_date) AS last_day
FROM hourline.shadow_document WHERE connection_no = %(connection_no)s;

-- name: receipts
-- purpose: What Hourline itself has booked at a connection.
SELECT kind, external_id FROM hourline.posting_intent
WHERE connection_no = %(connection_no)s AND external_id IS NOT NULL;

-- name: hold_modes
-- purpose: Let no route begin to compare until this transaction has planned.
SELECT pg_advisory_xact_lock_shared(7202, control.current_tenant());

-- name: change_modes
-- purpose: Wait for what is being planned by the routes as they were.
SELECT pg_advisory_xact_lock(7202, control.current_tenant());

-- name: shadow_compared
-- purpose: Set aside intents of which nothing is out, where a route now only compares.
WITH waiting AS MATERIALIZED (
    SELECT tenant, intent_no, kind, connection_no, document_no FROM hourline.posting_intent
    WHERE state = ANY (%(free)s) AND unresolved = 0
), dated AS (
    SELECT w.*, coalesce(i.entity_no, j.entity_no) AS entity_no,
           coalesce(i.accounting_date, j.accounting_date) AS accounting_date, j.kind AS effect
    FROM waiting w
    LEFT JOIN hourline.invoice i ON i.tenant = w.tenant AND i.document_no = w.document_no
    LEFT JOIN hourline.journal j ON j.tenant = w.tenant AND j.journal_no = w.document_no
)
UPDATE hourline.posting_intent p SET state = %(shadowed)s
FROM dated d
WHERE p.tenant = d.tenant AND p.intent_no = d.intent_no
  AND p.state = ANY (%(free)s) AND p.unresolved = 0
  AND EXISTS (
      SELECT FROM unnest(%(kinds)s::smallint[], %(connection_nos)s::integer[], %(route_entity_nos)s::integer[],
                         %(route_effects)s::smallint[], %(route_froms)s::date[], %(route_untils)s::date[])
          AS route (kind, connection_no, entity_no, effect, effective_from, effective_until)
      WHERE route.kind = d.kind AND route.connection_no = d.connection_no
        AND (route.entity_no IS NULL OR route.entity_no = d.entity_no)
        AND (route.effect IS NULL OR route.effect = d.effect)
        AND d.accounting_date >= route.effective_from AND d.accounting_date < route.effective_until)
RETURNING p.intent_no;

-- name: ready_posted
-- purpose: Take intents that were set aside up again, where a route posts and none compares.
WITH waiting AS MATERIALIZED (
    SELECT tenant, intent_no, kind, connection_no, document_no FROM hourline.posting_intent
    WHERE state = %(shadowed)s
), dated AS (
    SELECT w.*, coalesce(i.entity_no, j.entity_no) AS entity_no,
           coalesce(i.accounting_date, j.accounting_date) AS accounting_date, j.kind AS effect
    FROM waiting w
    LEFT JOIN hourline.invoice i ON i.tenant = w.tenant AND i.document_no = w.document_no
    LEFT JOIN hourline.journal j ON j.tenant = w.tenant AND j.journal_no = w.document_no
)
UPDATE hourline.posting_intent p SET state = %(ready)s, due_at = clock_timestamp()
FROM dated d
WHERE p.tenant = d.tenant AND p.intent_no = d.intent_no AND p.state = %(shadowed)s
  AND (SELECT bool_and(NOT route.compares)
       FROM unnest(%(kinds)s::smallint[], %(connection_nos)s::integer[], %(route_entity_nos)s::integer[],
                   %(route_effects)s::smallint[], %(route_froms)s::date[], %(route_untils)s::date[],
                   %(compares)s::boolean[])
           AS route (kind, connection_no, entity_no, effect, effective_from, effective_until, compares)
       WHERE route.kind = d.kind AND route.connection_no = d.connection_no
         AND (route.entity_no IS NULL OR route.entity_no = d.entity_no)
        AND (route.effect IS NULL OR route.effect = d.effect)
         AND d.accounting_date >= route.effective_from AND d.accounting_date < route.effective_until);
