-- name: unplanned_documents
-- purpose: Documents of a route without an intent at its connection; a credit note only once its invoice is there, or was left to another integration.
SELECT i.document_no FROM hourline.invoice i
WHERE i.kind = %(kind)s AND i.entity_no = coalesce(%(entity_no)s, i.entity_no)
  AND i.accounting_date >= %(effective_from)s AND i.accounting_date < %(effective_until)s
  AND NOT EXISTS (
      SELECT FROM unnest(%(taken_entity_nos)s::integer[], %(taken_effects)s::smallint[],
                         %(taken_froms)s::date[], %(taken_untils)s::date[])
          AS t (entity_no, effect, effective_from, effective_until)
      WHERE coalesce(t.entity_no, i.entity_no) = i.entity_no
        AND i.accounting_date >= t.effective_from AND i.accounting_date < t.effective_until)
  AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                  WHERE p.tenant = i.tenant AND p.document_no = i.document_no AND p.kind = i.kind
                    AND p.connection_no = %(connection_no)s)
  AND NOT EXISTS (SELECT FROM hourline.posting_group_member g
                  WHERE g.tenant = i.tenant AND g.connection_no = %(connection_no)s AND g.kind = i.kind
                    AND g.document_no = i.document_no)
  AND (i.credits_document_no IS NULL OR EXISTS (
      SELECT FROM hourline.posting_intent p
      WHERE p.tenant = i.tenant AND p.document_no = i.credits_document_no
        AND p.kind = %(invoice)s AND p.connection_no = %(connection_no)s AND p.state = %(confirmed)s)
    OR EXISTS (SELECT FROM hourline.shadow_document s
               WHERE s.tenant = i.tenant AND s.document_no = i.credits_document_no
                 AND s.kind = %(invoice)s AND s.connection_no = %(connection_no)s
                 AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                                 WHERE p.tenant = s.tenant AND p.document_no = s.document_no
                                   AND p.kind = s.kind AND p.connection_no = s.connection_no)))
  AND NOT EXISTS (
      SELECT FROM unnest(%(compared_entity_nos)s::integer[], %(compared_effects)s::smallint[],
                         %(compared_froms)s::date[], %(compared_untils)s::date[])
          AS compared (entity_no, effect, effective_from, effective_until)
      WHERE (compared.entity_no IS NULL OR compared.entity_no = i.entity_no)
        AND i.accounting_date >= compared.effective_from AND i.accounting_date < compared.effective_until)
ORDER BY i.document_no;

-- name: unplanned_journals
-- purpose: Journals of a ledger that have no intent yet and that a route covers.
SELECT j.journal_no FROM hourline.journal j
WHERE j.connection_no = %(connection_no)s
  AND j.entity_no = coalesce(%(entity_no)s, j.entity_no) AND j.kind = coalesce(%(effect)s, j.kind)
  AND j.accounting_date >= %(effective_from)s AND j.accounting_date < %(effective_until)s
  AND NOT EXISTS (
      SELECT FROM unnest(%(taken_entity_nos)s::integer[], %(taken_effects)s::smallint[],
                         %(taken_froms)s::date[], %(taken_untils)s::date[])
          AS t (entity_no, effect, effective_from, effective_until)
      WHERE coalesce(t.entity_no, j.entity_no) = j.entity_no AND coalesce(t.effect, j.kind) = j.kind
        AND j.accounting_date >= t.effective_from AND j.accounting_date < t.effective_until)
  AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                  WHERE p.tenant = j.tenant AND p.document_no = j.journal_no AND p.kind = %(kind)s
                    AND p.connection_no = %(connection_no)s)
  AND NOT EXISTS (
      SELECT FROM unnest(%(compared_entity_nos)s::integer[], %(compared_effects)s::smallint[],
                         %(compared_froms)s::date[], %(compared_untils)s::date[])
          AS compared (entity_no, effect, effective_from, effective_until)
      WHERE coalesce(compared.entity_no, j.entity_no) = j.entity_no AND coalesce(compared.effect, j.kind) = j.kind
        AND j.accounting_date >= compared.effective_from AND j.accounting_date < compared.effective_until)
  AND NOT EXISTS (SELECT FROM hourline.posting_group_member g
                  WHERE g.tenant = j.tenant AND g.connection_no = %(connection_no)s AND g.kind = %(kind)s
                    AND g.document_no = j.journal_no)
ORDER BY j.journal_no;

-- name: unrouted_documents
-- purpose: How many documents of a kind and entity no route covers and no intent books, and since which day; of what journals are made, the lines.
WITH route AS MATERIALIZED (
    SELECT * FROM unnest(%(kinds)s::smallint[], %(connection_nos)s::integer[], %(route_entity_nos)s::integer[],
                         %(route_effects)s::smallint[], %(route_froms)s::date[], %(route_untils)s::date[])
        AS route (kind, connection_no, entity_no, effect, effective_from, effective_until)
), unbooked AS (
    SELECT kind, NULL::integer AS connection_no, NULL::smallint AS effect, entity_no, accounting_date
    FROM hourline.invoice i
    WHERE NOT EXISTS (SELECT FROM hourline.posting_intent p WHERE p.document_no = i.document_no AND p.kind = i.kind AND p.state <> %(shadowed)s)
    UNION ALL
    SELECT %(journal)s, j.connection_no, j.kind, j.entity_no, j.accounting_date
    FROM hourline.journal j
    WHERE NOT EXISTS (SELECT FROM hourline.posting_intent p
                      WHERE p.document_no = j.journal_no AND p.kind = %(journal)s AND p.state <> %(shadowed)s)
    UNION ALL
    SELECT %(journal)s, NULL, l.effect, l.entity_no, l.accounting_date
    FROM hourline.journal_line l
    WHERE %(lines)s AND l.effect = ANY(%(journal_effects)s)
      AND NOT EXISTS (SELECT FROM hourline.journal_member m WHERE m.tenant = l.tenant AND m.line_no = l.line_no)
      AND NOT EXISTS (SELECT FROM hourline.journal_offset f WHERE f.tenant = l.tenant AND f.line_no = l.line_no)
      AND NOT EXISTS (SELECT FROM hourline.journal_offset f WHERE f.tenant = l.tenant AND f.mirror_line_no = l.line_no)
)
SELECT d.kind, d.entity_no, count(*)::bigint AS documents, min(d.accounting_date) AS first_day
FROM unbooked d
WHERE NOT EXISTS (
    SELECT FROM route
    WHERE route.kind = d.kind AND coalesce(route.entity_no, d.entity_no) = d.entity_no
      AND (route.effect IS NULL OR route.effect = d.effect)
      AND (d.connection_no IS NULL OR d.connection_no = route.connection_no)
      AND d.accounting_date >= route.effective_from AND d.accounting_date < route.effective_until)
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: document_head
-- purpose: An invoice or credit note with the ids of its parties.
SELECT i.document_no, i.kind, i.number, e.id AS entity, c.id AS customer, i.currency, i.invoice_date,
       i.accounting_date, i.due_date, i.net, i.tax, i.total, o.number AS credits_number
FROM hourline.invoice i
JOIN hourline.master_identity e ON e.tenant = i.tenant AND e.master_no = i.entity_no
JOIN hourline.master_identity c ON c.tenant = i.tenant AND c.master_no = i.customer_no
LEFT JOIN hourline.invoice o ON o.tenant = i.tenant AND o.document_no = i.credits_document_no
WHERE i.document_no = %(document_no)s;

-- name: document_lines
-- purpose: The lines of an invoice or credit note with the entry each bills.
SELECT l.line_no, l.description, l.seconds, l.rate_amount, l.rate_seconds, l.share_ppm, l.net, l.tax, l.tax_rate_ppm,
       coalesce(e.source_id, l.milestone) AS source
FROM hourline.invoice_line l
LEFT JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = l.entry_no
WHERE l.document_no = %(document_no)s ORDER BY l.line_no;

-- name: line_origins
-- purpose: The project, the tax rule and the role that every line is sold from; a line worth nothing moved nothing.
SELECT l.line_no, j.project_no, l.tax_rule_no,
       CASE %(receivable)s WHEN j.debit THEN j.credit WHEN j.credit THEN j.debit ELSE %(revenue)s END AS role
FROM hourline.invoice_line l
LEFT JOIN hourline.journal_line j
    ON j.tenant = l.tenant AND j.cause = %(cause)s AND j.cause_no = l.document_no AND j.cause_revision = 0
   AND j.part = l.line_no AND j.effect = %(sale)s AND NOT j.mirror
WHERE l.document_no = %(document_no)s ORDER BY l.line_no;

-- name: confirmed_documents
-- purpose: Documents every receiving system has but their source does not know of; one at a time per contract, in their order.
WITH settled AS MATERIALIZED (
    SELECT i.tenant, i.document_no, i.contract_no FROM hourline.invoice i
    WHERE EXISTS (SELECT FROM hourline.posting_intent p
                  WHERE p.tenant = i.tenant AND p.document_no = i.document_no AND p.kind = i.kind
                    AND p.state <> %(shadowed)s)
      AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                      WHERE p.tenant = i.tenant AND p.document_no = i.document_no AND p.kind = i.kind
                        AND p.state NOT IN (%(confirmed)s, %(shadowed)s))
      AND NOT EXISTS (
          SELECT FROM unnest(%(compared_entity_nos)s::integer[], %(compared_froms)s::date[], %(compared_untils)s::date[])
              AS compared (entity_no, effective_from, effective_until)
          WHERE (compared.entity_no IS NULL OR compared.entity_no = i.entity_no)
            AND i.accounting_date >= compared.effective_from AND i.accounting_date < compared.effective_until)
), under_way AS MATERIALIZED (
    SELECT i.contract_no, min(i.document_no) AS document_no FROM hourline.invoice i
    JOIN hourline.posting_intent p ON p.tenant = i.tenant AND p.document_no = i.document_no
        AND p.kind IN (i.kind, %(write_back)s) AND p.state <> ALL(%(at_rest)s)
    GROUP BY 1
), untold AS (
    SELECT s.document_no, s.contract_no, c.connection_no
    FROM settled s CROSS JOIN unnest(%(connection_nos)s::integer[]) AS c (connection_no)
    WHERE NOT EXISTS (SELECT FROM under_way u
                      WHERE u.contract_no = s.contract_no AND u.document_no <= s.document_no)
      AND NOT EXISTS (SELECT FROM hourline.posting_intent p
                      WHERE p.tenant = s.tenant AND p.document_no = s.document_no
                        AND p.kind = %(write_back)s AND p.connection_no = c.connection_no)
      AND c.connection_no IN (
          SELECT (SELECT e.connection_no FROM hourline.time_entry e
                  WHERE e.tenant = l.tenant AND e.entry_no = l.entry_no)
          FROM hourline.invoice_line l WHERE l.tenant = s.tenant AND l.document_no = s.document_no)
)
SELECT DISTINCT ON (contract_no, connection_no) document_no, connection_no
FROM untold ORDER BY contract_no, connection_no, document_no;

-- name: billed_entries
-- purpose: The time entries of one source on a document, with what is billed of each; of a part of one, by the id of the whole.
SELECT e.source_id, sum(l.seconds)::bigint AS seconds, sum(l.net)::bigint AS net
FROM hourline.invoice_line l
LEFT JOIN hourline.entry_part p ON p.tenant = l.tenant AND p.entry_no = l.entry_no
JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = coalesce(p.of_entry_no, l.entry_no)
WHERE l.document_no = %(document_no)s AND e.connection_no = %(connection_no)s
GROUP BY 1 ORDER BY 1;

-- name: document_entity_currency
-- purpose: The currency of the books an invoice or credit note is in.
SELECT entity_currency::integer FROM hourline.invoice WHERE document_no = %(document_no)s;
