-- name: intents_at_rest
-- purpose: How many intents there are, and how many of them have come to rest.
SELECT count(*)::integer, (count(*) FILTER (WHERE state = ANY(%(at_rest)s)))::integer
FROM hourline.posting_intent;

-- name: sources_untold
-- purpose: Documents booked everywhere whose source connection has not been planned to be told.
SELECT count(*)::integer FROM (
    SELECT l.document_no, e.connection_no
    FROM hourline.invoice_line l
    JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = l.entry_no
    GROUP BY 1, 2
    EXCEPT
    SELECT document_no, connection_no FROM hourline.posting_intent WHERE kind = %(write_back)s
) untold;

-- name: example_entries
-- purpose: One entry corrected before it was billed, one refused, one posted by an ERP, as examples.
(SELECT e.source_id, 'corrected before it was billed' AS why FROM hourline.time_entry e
 JOIN hourline.supersession s ON s.tenant = e.tenant AND s.entry_no = e.entry_no
 WHERE s.by_revision IS NOT NULL ORDER BY e.entry_no LIMIT 1)
UNION ALL
(SELECT e.source_id, 'waiting or in exception' FROM hourline.time_entry e
 JOIN hourline.pending_entry p ON p.tenant = e.tenant AND p.entry_no = e.entry_no
 ORDER BY e.entry_no LIMIT 1)
UNION ALL
(SELECT e.source_id, 'billed, its invoice posted after a lost reply' FROM hourline.time_entry e
 JOIN hourline.invoice_line l ON l.tenant = e.tenant AND l.entry_no = e.entry_no
 JOIN hourline.posting_intent i ON i.tenant = l.tenant AND i.document_no = l.document_no AND i.kind = %(invoice)s
 ORDER BY i.attempts DESC, i.probes DESC, e.entry_no LIMIT 1);

-- name: events_waiting
-- purpose: How many events of the inbox no delivery has been made of yet.
SELECT count(*)::integer FROM hourline.inbox_event WHERE delivery_no IS NULL;

-- name: retainers
-- purpose: The retainers that were invoiced, with what of each was drawn by later invoices, with tax, in minor units.
SELECT k.id AS contract, i.currency, b.gross, b.gross_drawn
FROM hourline.retainer_balance b
JOIN hourline.invoice i ON i.tenant = b.tenant AND i.document_no = b.document_no
JOIN hourline.master_identity k ON k.tenant = b.tenant AND k.master_no = b.contract_no
ORDER BY 1;

-- name: blocks_used
-- purpose: The blocks of prepaid hours that work was taken from, and how many seconds.
SELECT k.id AS block, sum(u.seconds)::bigint AS seconds
FROM hourline.block_use u
JOIN hourline.master_identity k ON k.tenant = u.tenant AND k.master_no = u.block_no
GROUP BY 1 ORDER BY 1;

-- name: expenses_by_fate
-- purpose: Accepted expenses by bearing entity, fate and contract currency: how many, and their worth in minor units.
SELECT i.id AS entity, p.books, p.fate, p.currency, count(*)::integer AS expenses, sum(p.amount)::bigint AS worth
FROM (
    SELECT d.entity_no, p.fate, p.currency, p.amount,
           (SELECT j.entity_currency FROM hourline.journal_line j
            WHERE j.tenant = d.tenant AND j.entity_no = d.entity_no LIMIT 1) AS books
    FROM hourline.priced_expense x
    JOIN hourline.decision d ON d.tenant = x.tenant AND d.entry_no = x.entry_no AND d.revision = x.revision
    JOIN hourline.portion_part p ON p.tenant = x.tenant AND p.entry_no = x.entry_no AND p.revision = x.revision
    WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                      WHERE s.tenant = x.tenant AND s.entry_no = x.entry_no AND s.revision = x.revision)
) p
JOIN hourline.master_identity i ON i.master_no = p.entity_no
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- name: expenses_paid
-- purpose: What was paid for the expenses in force, accepted or not, by the currency it was paid in, in its minor units.
SELECT x.currency, sum(x.cost)::bigint AS paid
FROM hourline.expense_version x
WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = x.tenant AND s.entry_no = x.entry_no AND s.revision = x.revision)
GROUP BY 1 ORDER BY 1;

-- name: approved_of_people
-- purpose: The approved seconds in force of some people, by person and project.
SELECT p.id AS person, j.id AS project, sum(d.worked_seconds)::bigint AS seconds
FROM hourline.decision d
JOIN hourline.master_identity p ON p.tenant = d.tenant AND p.master_no = d.person_no
JOIN hourline.master_identity j ON j.tenant = d.tenant AND j.master_no = d.project_no
WHERE p.id = ANY(%(people)s)
  AND NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision)
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: fates_by_contract
-- purpose: Seconds and value of the portions in force by contract and fate, expenses left out.
SELECT k.id AS contract, p.fate, p.currency, sum(p.seconds)::bigint AS seconds, sum(p.amount)::bigint AS amount
FROM hourline.portion_part p
JOIN hourline.decision d ON d.tenant = p.tenant AND d.entry_no = p.entry_no AND d.revision = p.revision
JOIN hourline.master_identity k ON k.tenant = d.tenant AND k.master_no = d.contract_no
WHERE p.seconds > 0
  AND NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = p.tenant AND s.entry_no = p.entry_no AND s.revision = p.revision)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: withheld_by_contract
-- purpose: What customers withhold of a contract's invoices, in minor units.
SELECT k.id AS contract, i.currency, sum(l.retained)::bigint AS withheld
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
JOIN hourline.master_identity k ON k.tenant = i.tenant AND k.master_no = i.contract_no
WHERE l.retained <> 0
GROUP BY 1, 2 ORDER BY 1, 2;
