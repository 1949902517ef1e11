-- name: standing_of_contracts
-- purpose: What stands of contracts, by kind, legal entity and currency: work in force that is not given up whole, invoices not credited in full, amounts reached (no entity of their own), balances taken over, and roles with a balance. Work that is only not billable binds where its cost earns revenue or an entity lent it.
SELECT d.contract_no, 'work' AS kind, d.entity_no, d.currency, count(*)::integer AS count, NULL::smallint[] AS roles
FROM hourline.decision d
WHERE d.contract_no = ANY(%(contract_nos)s::integer[])
  AND NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE (s.tenant, s.entry_no, s.revision) = (d.tenant, d.entry_no, d.revision))
  AND (d.contract_line_no = ANY(%(cost_line_nos)s::integer[])
       OR EXISTS (SELECT FROM hourline.transfer t
                  WHERE (t.tenant, t.entry_no, t.revision) = (d.tenant, d.entry_no, d.revision))
       OR EXISTS (SELECT FROM hourline.portion p
                  LEFT JOIN hourline.billed_portion b
                      ON (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part)
                  WHERE (p.tenant, p.entry_no, p.revision) = (d.tenant, d.entry_no, d.revision)
                    AND p.fate <> %(fate_non_billable)s
                    AND (p.seconds = 0 OR coalesce(b.seconds_written_off + b.seconds_left_out, 0) < p.seconds)))
GROUP BY d.contract_no, d.entity_no, d.currency
UNION ALL
SELECT i.contract_no, 'invoice', i.entity_no, i.currency, count(*)::integer, NULL
FROM hourline.invoice i
LEFT JOIN LATERAL (SELECT sum(c.total) AS total FROM hourline.invoice c
                   WHERE (c.tenant, c.credits_document_no) = (i.tenant, i.document_no)) AS credited ON true
WHERE i.contract_no = ANY(%(contract_nos)s::integer[]) AND i.credits_document_no IS NULL
  AND i.total + coalesce(credited.total, 0) <> 0
GROUP BY i.contract_no, i.entity_no, i.currency
UNION ALL
SELECT m.contract_no, 'amount', NULL, m.currency, count(*)::integer, NULL
FROM hourline.milestone_reached m
WHERE m.contract_no = ANY(%(contract_nos)s::integer[])
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x
                  WHERE (x.tenant, x.contract_line_no, x.milestone) = (m.tenant, m.contract_line_no, m.milestone))
GROUP BY m.contract_no, m.currency
UNION ALL
SELECT o.contract_no, 'opening', o.entity_no, o.currency, count(*)::integer, NULL
FROM hourline.opening_position o
WHERE o.contract_no = ANY(%(contract_nos)s::integer[])
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE (x.tenant, x.position_no) = (o.tenant, o.position_no))
GROUP BY o.contract_no, o.entity_no, o.currency
UNION ALL
SELECT contract_no, 'balance', entity_no, currency, count(*)::integer, array_agg(role ORDER BY role)
FROM (
    SELECT j.contract_no, j.entity_no, j.currency, side.role
    FROM hourline.journal_line j
    CROSS JOIN LATERAL (VALUES (j.debit, j.amount), (j.credit, -j.amount)) AS side (role, amount)
    WHERE j.contract_no = ANY(%(contract_nos)s::integer[]) AND side.role = ANY(%(roles)s::smallint[])
    GROUP BY j.contract_no, j.entity_no, j.currency, side.role
    HAVING sum(side.amount) <> 0
) AS balances
GROUP BY contract_no, entity_no, currency
ORDER BY 1, 2, 3, 4;

-- name: standing_of_entities
-- purpose: How many bookings legal entities have, in which currency of their books, from which accounting date to which; invoices, transfers and balances taken over count without a booking, too.
SELECT entity_no, currency, sum(bookings)::integer AS count, min(first_on) AS first_on, max(last_on) AS last_on
FROM (
    SELECT entity_no, entity_currency AS currency, count(*) AS bookings, min(accounting_date) AS first_on,
           max(accounting_date) AS last_on
    FROM hourline.journal_line WHERE entity_no = ANY(%(entity_nos)s::integer[]) GROUP BY 1, 2
    UNION ALL
    SELECT entity_no, entity_currency, 0, min(accounting_date), max(accounting_date)
    FROM hourline.invoice WHERE entity_no = ANY(%(entity_nos)s::integer[]) GROUP BY 1, 2
    UNION ALL
    SELECT lender_no, lender_currency, 0, min(lender_date), max(lender_date)
    FROM hourline.transfer WHERE lender_no = ANY(%(entity_nos)s::integer[]) GROUP BY 1, 2
    UNION ALL
    SELECT borrower_no, borrower_currency, 0, min(borrower_date), max(borrower_date)
    FROM hourline.transfer WHERE borrower_no = ANY(%(entity_nos)s::integer[]) GROUP BY 1, 2
    UNION ALL
    SELECT entity_no, entity_currency, 0, min(dated), max(dated)
    FROM hourline.opening_position WHERE entity_no = ANY(%(entity_nos)s::integer[]) GROUP BY 1, 2
) AS kept
GROUP BY entity_no, currency
ORDER BY entity_no, currency;

-- name: standing_of_lines
-- purpose: How much stands of contract lines that must stay in the books of their contract: work in force that is not only not billable, amounts reached, revenue recognised.
SELECT contract_line_no, sum(count)::integer AS count
FROM (
    SELECT d.contract_line_no, count(*) FROM hourline.decision d
    WHERE d.contract_no = ANY(%(contract_nos)s::integer[]) AND d.contract_line_no = ANY(%(line_nos)s::integer[])
      AND NOT EXISTS (SELECT FROM hourline.supersession s
                      WHERE (s.tenant, s.entry_no, s.revision) = (d.tenant, d.entry_no, d.revision))
      AND (d.contract_line_no = ANY(%(cost_line_nos)s::integer[])
           OR EXISTS (SELECT FROM hourline.portion p
                      WHERE (p.tenant, p.entry_no, p.revision) = (d.tenant, d.entry_no, d.revision)
                        AND p.fate <> %(fate_non_billable)s))
    GROUP BY d.contract_line_no
    UNION ALL
    SELECT m.contract_line_no, count(*) FROM hourline.milestone_reached m
    WHERE m.contract_line_no = ANY(%(line_nos)s::integer[])
      AND NOT EXISTS (SELECT FROM hourline.opening_reversal x
                      WHERE (x.tenant, x.contract_line_no, x.milestone) = (m.tenant, m.contract_line_no, m.milestone))
    GROUP BY m.contract_line_no
    UNION ALL
    SELECT contract_line_no, count(*) FROM hourline.revenue_recognised
    WHERE contract_line_no = ANY(%(line_nos)s::integer[]) GROUP BY contract_line_no HAVING sum(amount) <> 0
) AS parts
GROUP BY contract_line_no
ORDER BY contract_line_no;
