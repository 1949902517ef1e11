-- name: transaction_time
-- purpose: When this transaction began; one instant for all it records.
SELECT now()

-- name: next_document_no
-- purpose: A number for a document inside Hourline; gaps are allowed here.
SELECT nextval('hourline.document_no_seq')

-- name: next_number
-- purpose: The next legal number of an entity's series; the row lock keeps numbers gapless.
INSERT INTO hourline.number_series AS series (entity_no, kind, prefix, last_number)
VALUES (%(entity_no)s, %(kind)s, %(prefix)s, 1)
ON CONFLICT (tenant, entity_no, kind) DO UPDATE SET last_number = series.last_number + 1
RETURNING prefix, last_number

-- name: insert_document
-- purpose: Record an invoice or a credit note.
INSERT INTO hourline.invoice
    (document_no, kind, number, contract_no, entity_no, customer_no, credits_document_no, invoice_date, accounting_date,
     due_date, through, currency, net, tax, total, entity_currency, entity_total, change_no)
VALUES
    (%(document_no)s, %(kind)s, %(number)s, %(contract_no)s, %(entity_no)s, %(customer_no)s, %(credits_document_no)s,
     %(invoice_date)s, %(accounting_date)s, %(due_date)s, %(through)s, %(currency)s, %(net)s, %(tax)s, %(total)s,
     %(entity_currency)s, %(entity_total)s, %(change_no)s)

-- name: document
-- purpose: The head of an issued document.
SELECT document_no, kind, number, contract_no, entity_no, customer_no, invoice_date, through, currency, net, tax, total,
       entity_currency, entity_total
FROM hourline.invoice WHERE document_no = %(document_no)s

-- name: bill_portions
-- purpose: Raise what stands of portions on live invoice lines; the table's check refuses more than there is.
INSERT INTO hourline.billed_portion AS billed
    (entry_no, revision, part, seconds, seconds_billed, units, units_billed, live_lines)
SELECT entry_no, revision, part, seconds, added, units, units_added, 1
FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[], %(seconds)s::bigint[],
            %(added)s::bigint[], %(units)s::bigint[], %(units_added)s::bigint[])
     AS line (entry_no, revision, part, seconds, added, units, units_added)
ON CONFLICT (tenant, entry_no, revision, part) DO UPDATE
SET seconds_billed = billed.seconds_billed + excluded.seconds_billed,
    units_billed = billed.units_billed + excluded.units_billed, live_lines = billed.live_lines + 1

-- name: bill_milestones
-- purpose: Raise what stands of milestones on live invoice lines; the table's check refuses more than the amount.
INSERT INTO hourline.billed_milestone AS billed (contract_line_no, milestone, amount, amount_billed)
SELECT m.contract_line_no, m.milestone, m.amount, line.added
FROM unnest(%(contract_line_no)s::integer[], %(milestone)s::text[], %(added)s::bigint[])
     AS line (contract_line_no, milestone, added)
JOIN hourline.milestone_reached m USING (contract_line_no, milestone)
ON CONFLICT (tenant, contract_line_no, milestone) DO UPDATE
SET amount_billed = billed.amount_billed + excluded.amount_billed

-- name: unbill_portions
-- purpose: Lower what stands of portions on live invoice lines by what was credited.
UPDATE hourline.billed_portion AS billed
SET seconds_billed = billed.seconds_billed - line.taken, units_billed = billed.units_billed - line.units_taken,
    live_lines = billed.live_lines - line.ended
FROM (SELECT entry_no, revision, part, sum(taken)::bigint AS taken, sum(units_taken)::bigint AS units_taken,
             sum(ended)::smallint AS ended
      FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[], %(taken)s::bigint[],
                  %(units_taken)s::bigint[], %(ended)s::smallint[])
           AS credited (entry_no, revision, part, taken, units_taken, ended)
      GROUP BY 1, 2, 3) AS line
WHERE (billed.entry_no, billed.revision, billed.part) = (line.entry_no, line.revision, line.part)

-- name: unbill_milestones
-- purpose: Lower what stands of milestones on live invoice lines by what was credited.
UPDATE hourline.billed_milestone AS billed
SET amount_billed = billed.amount_billed - line.taken
FROM (SELECT contract_line_no, milestone, sum(taken)::bigint AS taken
      FROM unnest(%(contract_line_no)s::integer[], %(milestone)s::text[], %(taken)s::bigint[])
           AS credited (contract_line_no, milestone, taken)
      GROUP BY 1, 2) AS line
WHERE (billed.contract_line_no, billed.milestone) = (line.contract_line_no, line.milestone)
