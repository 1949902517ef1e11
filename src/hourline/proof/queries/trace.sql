-- name: entries_by_source_id
-- purpose: Entries with an id at any source.
SELECT entry_no FROM hourline.time_entry WHERE source_id = %(term)s;

-- name: entries_by_master
-- purpose: Entries decided for a project or person.
SELECT DISTINCT d.entry_no FROM hourline.decision d
JOIN hourline.master_identity i ON i.master_no IN (d.project_no, d.person_no)
WHERE i.kind = ANY(%(kinds)s) AND (i.id = %(term)s OR EXISTS (
    SELECT FROM hourline.cross_reference x
    WHERE x.tenant = i.tenant AND x.master_no = i.master_no AND x.kind = i.kind AND x.source_id = %(term)s))
ORDER BY d.entry_no LIMIT %(limit)s;

-- name: entries_by_document
-- purpose: Entries on an invoice or credit note with a number.
SELECT DISTINCT l.entry_no FROM hourline.invoice i
JOIN hourline.invoice_line l ON l.tenant = i.tenant AND l.document_no = i.document_no
WHERE i.number = %(term)s AND l.entry_no IS NOT NULL ORDER BY l.entry_no LIMIT %(limit)s;

-- name: entries_by_receipt
-- purpose: Entries on the invoice, credit note or journal that a receiving system knows by an id or number.
WITH found AS (
    SELECT tenant, document_no FROM hourline.posting_intent
    WHERE external_id = %(term)s OR external_number = %(term)s
), booked AS (
    SELECT j.tenant, j.cause, j.cause_no, j.part FROM found
    JOIN hourline.journal_member m ON m.tenant = found.tenant AND m.journal_no = found.document_no
    JOIN hourline.journal_line j ON j.tenant = m.tenant AND j.line_no = m.line_no
)
SELECT entry_no FROM (
    SELECT l.entry_no FROM found
    JOIN hourline.invoice_line l ON l.tenant = found.tenant AND l.document_no = found.document_no
    UNION
    SELECT cause_no FROM booked WHERE cause = %(cause_entry)s
    UNION
    SELECT l.entry_no FROM booked
    JOIN hourline.invoice_line l ON l.tenant = booked.tenant AND l.document_no = cause_no AND l.line_no = booked.part
    WHERE cause IN (%(cause_invoice)s, %(cause_credit_note)s)
    UNION
    SELECT l.entry_no FROM booked
    JOIN hourline.intercompany_line l
        ON l.tenant = booked.tenant AND l.document_no = cause_no AND l.line_no = booked.part
    WHERE cause = %(cause_intercompany_invoice)s
    UNION
    SELECT a.entry_no FROM booked
    JOIN hourline.review_act a ON a.tenant = booked.tenant AND a.act_no = cause_no
    WHERE cause = %(cause_review)s
    UNION
    SELECT a.entry_no FROM booked
    JOIN hourline.allotment_act a ON a.tenant = booked.tenant AND a.allotment_no = cause_no
    WHERE cause = %(cause_allotment)s
    UNION
    SELECT a.entry_no FROM booked
    JOIN hourline.block_earning g ON g.tenant = booked.tenant AND g.earning_no = cause_no
    JOIN hourline.allotment_act a ON a.tenant = g.tenant AND a.allotment_no = g.allotment_no
    WHERE cause = %(cause_earning)s
    UNION
    SELECT e.entry_no FROM booked
    JOIN hourline.vendor_match_entry e ON e.tenant = booked.tenant AND e.match_no = cause_no
    WHERE cause = %(cause_vendor_match)s
    UNION
    SELECT l.entry_no FROM booked
    JOIN hourline.payment y ON y.tenant = booked.tenant AND y.payment_no = cause_no
    JOIN hourline.invoice_line l ON l.tenant = y.tenant AND l.document_no = y.document_no
    WHERE cause = %(cause_payment)s
    UNION
    SELECT l.entry_no FROM booked
    JOIN hourline.drawdown w ON w.tenant = booked.tenant AND w.drawdown_no = cause_no
    JOIN hourline.invoice_line l ON l.tenant = w.tenant AND l.document_no = w.document_no
    WHERE cause = %(cause_drawdown)s
    UNION
    SELECT l.entry_no FROM booked
    JOIN hourline.invoice_write_off g ON g.tenant = booked.tenant AND g.write_off_no = cause_no
    JOIN hourline.invoice_line l ON l.tenant = g.tenant AND l.document_no = g.document_no
    WHERE cause = %(cause_write_off)s
    UNION
    SELECT l.entry_no FROM booked
    JOIN hourline.retainage_release e ON e.tenant = booked.tenant AND e.release_no = cause_no
    JOIN hourline.invoice_line l ON l.tenant = e.tenant AND l.document_no = e.document_no
    WHERE cause = %(cause_retainage_release)s
    UNION
    SELECT l.entry_no FROM booked
    JOIN hourline.invoice_line l ON l.tenant = booked.tenant AND l.document_no = cause_no AND l.retained <> 0
    WHERE cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND booked.part = 0
) entries WHERE entry_no IS NOT NULL ORDER BY entry_no LIMIT %(limit)s;

-- name: story_arrivals
-- purpose: Every record that arrived for an entry, or for the one it is a part of, with its delivery and outcome.
SELECT r.revision, d.method, d.delivery_id, d.received_at, r.position, r.outcome
FROM hourline.source_record r
JOIN hourline.delivery d ON d.tenant = r.tenant AND d.delivery_no = r.delivery_no
WHERE r.entry_no = coalesce((SELECT p.of_entry_no FROM hourline.entry_part p WHERE p.entry_no = %(entry_no)s), %(entry_no)s)
ORDER BY d.received_at, d.delivery_no, r.position;

-- name: story_versions
-- purpose: The revisions of an entry with their decision, if decided, and what ended them.
SELECT e.source_id, v.revision, hourline.source_revision(v.entry_no, v.revision) AS source_revision, v.person_ref, v.project_ref, v.work_date, v.worked_seconds, v.approved_at,
       d.accounting_date, d.late, d.cost_amount, d.currency, c.id AS contract, l.id AS contract_line,
       bills.id AS entity, provides.id AS resourcing_entity, employs.id AS employing_entity,
       s.recorded_at AS superseded_at, s.by_revision, p.state AS pending_state, p.problems,
       rate.id AS bill_rate, tax.id AS tax_rule, rounding.id AS time_rounding, d.change_no, v.price,
       x.cost AS expense_cost, x.currency AS expense_currency, x.markup_ppm,
       x.tax AS expense_tax, x.recoverable, x.receipt,
       coalesce(priced.recovered_ppm, x.recoverable_ppm) AS recoverable_ppm
FROM hourline.time_entry_version v
JOIN hourline.time_entry e ON e.tenant = v.tenant AND e.entry_no = v.entry_no
LEFT JOIN hourline.decision d ON d.tenant = v.tenant AND d.entry_no = v.entry_no AND d.revision = v.revision
LEFT JOIN hourline.expense_version x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
LEFT JOIN hourline.priced_expense priced ON priced.tenant = v.tenant AND priced.entry_no = v.entry_no
     AND priced.revision = v.revision
LEFT JOIN hourline.master_identity c ON c.master_no = d.contract_no
LEFT JOIN hourline.master_identity l ON l.master_no = d.contract_line_no
LEFT JOIN hourline.master_identity bills ON bills.master_no = d.entity_no
LEFT JOIN hourline.master_identity provides ON provides.master_no = d.resourcing_entity_no
LEFT JOIN hourline.master_identity employs ON employs.master_no = d.employing_entity_no
LEFT JOIN hourline.master_identity rate ON rate.master_no = d.bill_rate_no
LEFT JOIN hourline.master_identity tax ON tax.master_no = d.tax_rule_no
LEFT JOIN hourline.master_identity rounding ON rounding.master_no = d.time_rounding_no
LEFT JOIN hourline.supersession s ON s.tenant = v.tenant AND s.entry_no = v.entry_no AND s.revision = v.revision
LEFT JOIN hourline.pending_entry p ON p.tenant = v.tenant AND p.entry_no = v.entry_no AND p.revision = v.revision
WHERE v.entry_no = %(entry_no)s ORDER BY v.revision;

-- name: story_redecisions
-- purpose: When an entry was decided anew under the same revision of its source: why, by whom, and the project it was on then.
SELECT r.revision, r.kind, v.project_ref AS project, r.actor, r.reason, r.proposal_no, r.recorded_at
FROM hourline.redecision r
JOIN hourline.time_entry_version v ON v.tenant = r.tenant AND v.entry_no = r.entry_no AND v.revision = r.revision
WHERE r.entry_no = %(entry_no)s ORDER BY r.revision;

-- name: story_cost_corrections
-- purpose: When only the cost of a revision was corrected by later terms: from what to what, in whose books, by whom and why.
SELECT c.revision, c.correction_no, e.id AS entity, j.entity_currency AS currency, rate.id AS cost_rate, c.cost_before,
       c.cost_after, c.accounting_date, c.change_no, c.actor, c.reason, c.proposal_no, c.recorded_at
FROM hourline.cost_correction c
JOIN hourline.master_identity e ON e.tenant = c.tenant AND e.master_no = c.entity_no
LEFT JOIN hourline.master_identity rate ON rate.tenant = c.tenant AND rate.master_no = c.cost_rate_no
-- A correction is from or to something, so there is a line of the cost.
CROSS JOIN LATERAL (
    SELECT l.entity_currency FROM hourline.journal_line l
    WHERE l.tenant = c.tenant AND l.cause = %(cause_entry)s AND l.cause_no = c.entry_no AND l.cause_revision = c.revision
      AND l.effect = %(effect_cost)s LIMIT 1
) AS j
WHERE c.entry_no = %(entry_no)s ORDER BY c.revision, c.correction_no;

-- name: story_parts
-- purpose: The parts that were taken out of an entry, or that it is: which revision of which entry had what, on which project, whether it counts, and which entry its source knows.
SELECT s.entry_no AS of_entry_no, s.revision AS of_revision, w.source_id AS whole, s.part_entry_no, e.source_id AS part,
       s.part_revision, v.project_ref AS project, v.worked_seconds, x.cost, x.currency,
       NOT EXISTS (SELECT FROM hourline.time_entry_recall r WHERE r.tenant = s.tenant AND r.entry_no = s.part_entry_no
                   AND r.revision >= s.part_revision) AS in_force, o.source_id AS origin
FROM hourline.entry_split s
JOIN hourline.entry_part p ON p.tenant = s.tenant AND p.entry_no = s.part_entry_no
JOIN hourline.time_entry o ON o.tenant = p.tenant AND o.entry_no = p.of_entry_no
JOIN hourline.time_entry w ON w.tenant = s.tenant AND w.entry_no = s.entry_no
JOIN hourline.time_entry e ON e.tenant = s.tenant AND e.entry_no = s.part_entry_no
JOIN hourline.time_entry_version v ON v.tenant = s.tenant AND v.entry_no = s.part_entry_no AND v.revision = s.part_revision
LEFT JOIN hourline.expense_version x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
WHERE %(entry_no)s IN (s.entry_no, s.part_entry_no) ORDER BY s.part_entry_no, s.part_revision;

-- name: story_portions
-- purpose: The portions of an entry by the fate they have now, and how much of each is billed; what is open for some customers is not, by their shares.
SELECT p.revision, p.part, p.fate, p.seconds, p.amount, p.currency, p.rate_amount, p.rate_seconds,
       (p.seconds_billed - CASE WHEN p.seconds_billed > 0 THEN coalesce(b.open_for_some, 0) ELSE 0 END)::bigint
           AS seconds_billed,
       p.units,
       (p.units_billed - CASE WHEN p.units_billed > 0 THEN coalesce(b.open_for_some, 0) ELSE 0 END)::bigint AS units_billed
FROM hourline.portion_part p
LEFT JOIN LATERAL (
    SELECT ceil(weight_uneven / 1000000.0) AS open_for_some FROM hourline.billed_portion b
    WHERE (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part)
) AS b ON true
WHERE p.entry_no = %(entry_no)s ORDER BY p.revision, p.part, p.fate;

-- name: story_reviews
-- purpose: What people decided of an entry, in the order they did, with the invoice it was for.
SELECT a.act_no, a.kind, a.revision, a.part, a.seconds, a.amount, p.currency, i.number AS document, a.actor, a.reason,
       a.recorded_at
FROM hourline.review_act a
LEFT JOIN hourline.portion p
    ON p.tenant = a.tenant AND p.entry_no = a.entry_no AND p.revision = a.revision AND p.part = a.part
LEFT JOIN hourline.invoice i ON i.tenant = a.tenant AND i.document_no = a.document_no
WHERE a.entry_no = %(entry_no)s ORDER BY a.act_no;

-- name: story_allotments
-- purpose: What of an entry became prepaid or over a limit, or no longer is, with the blocks and limits that say so.
SELECT a.allotment_no, a.revision, a.part, p.seconds = 0 AS is_expense, a.over_line_day, a.over_contract_day,
       a.over_line_month, a.over_line_customer, a.over_line, a.over_contract_month, a.over_contract_customer, a.over_contract,
       a.amount_prepaid, a.amount_over, p.currency, c.id AS contract, l.id AS contract_line, a.change_no, a.recorded_at,
       ARRAY(SELECT i.id FROM hourline.block_use u JOIN hourline.master_identity i ON i.master_no = u.block_no
             WHERE u.tenant = a.tenant AND u.allotment_no = a.allotment_no ORDER BY u.block_no) AS blocks,
       ARRAY(SELECT u.seconds FROM hourline.block_use u
             WHERE u.tenant = a.tenant AND u.allotment_no = a.allotment_no ORDER BY u.block_no) AS block_seconds
FROM hourline.allotment_act a
JOIN hourline.portion p ON p.tenant = a.tenant AND p.entry_no = a.entry_no AND p.revision = a.revision AND p.part = a.part
JOIN hourline.master_identity c ON c.master_no = a.contract_no
JOIN hourline.master_identity l ON l.master_no = p.contract_line_no
WHERE a.entry_no = %(entry_no)s ORDER BY a.allotment_no;

-- name: story_roundings
-- purpose: What the rounding of its person's day made an entry bill, in the order it did.
SELECT r.act_no, r.revision, i.id AS time_rounding, r.seconds_before, r.seconds_after, r.day_worked_seconds,
       r.day_billable_seconds, r.change_no, r.recorded_at
FROM hourline.day_rounding r
JOIN hourline.master_identity i ON i.tenant = r.tenant AND i.master_no = r.time_rounding_no
WHERE r.entry_no = %(entry_no)s ORDER BY r.act_no;

-- name: story_documents
-- purpose: The invoices and credit notes an entry is on, line by line.
SELECT i.document_no, i.kind, i.number, i.invoice_date, l.line_no, l.revision, l.part, l.seconds, l.net, l.tax, l.retained, i.currency
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
WHERE l.entry_no = %(entry_no)s ORDER BY i.document_no, l.line_no;

-- name: story_journal_lines
-- purpose: The journal lines an entry or its invoice lines caused, with the journal each is on in every ledger that has it.
SELECT j.line_no, j.cause, j.effect, j.mirror, j.debit, j.credit, j.amount, j.currency, j.entity_amount,
       j.entity_currency, j.accounting_date,
       ARRAY(SELECT m.journal_no FROM hourline.journal_member m
             WHERE m.tenant = j.tenant AND m.line_no = j.line_no ORDER BY 1) AS journal_nos,
       ARRAY(SELECT c.name FROM hourline.journal_offset f
             JOIN hourline.connection c ON c.tenant = f.tenant AND c.connection_no = f.connection_no
             WHERE f.tenant = j.tenant AND j.line_no IN (f.line_no, f.mirror_line_no) ORDER BY 1) AS kept_from
FROM hourline.journal_line j
WHERE (j.cause = %(cause_entry)s AND j.cause_no = %(entry_no)s)
   OR EXISTS (SELECT FROM hourline.invoice_line l
              WHERE l.tenant = j.tenant AND l.entry_no = %(entry_no)s AND l.document_no = j.cause_no
                AND l.line_no = j.part AND j.cause IN (%(cause_invoice)s, %(cause_credit_note)s)
                AND j.effect <> %(effect_tax)s)
   OR (j.cause = %(cause_intercompany)s AND EXISTS (
       SELECT FROM hourline.intercompany_line l
       WHERE l.tenant = j.tenant AND l.entry_no = %(entry_no)s AND l.document_no = j.cause_no AND l.line_no = j.part))
   OR (j.cause = %(cause_review)s AND j.cause_no = ANY (
       SELECT a.act_no FROM hourline.review_act a WHERE a.entry_no = %(entry_no)s))
   OR (j.cause = %(cause_allotment)s AND j.cause_no = ANY (
       SELECT a.allotment_no FROM hourline.allotment_act a WHERE a.entry_no = %(entry_no)s))
   OR (j.cause = %(cause_earning)s AND j.cause_no = ANY (
       SELECT g.earning_no FROM hourline.block_earning g
       JOIN hourline.allotment_act a ON a.tenant = g.tenant AND a.allotment_no = g.allotment_no
       WHERE a.entry_no = %(entry_no)s))
   OR (j.cause = %(cause_vendor_match)s AND j.cause_no = ANY (
       SELECT e.match_no FROM hourline.vendor_match_entry e WHERE e.entry_no = %(entry_no)s))
ORDER BY j.line_no;

-- name: story_postings
-- purpose: What was sent of the documents an entry is on, and the receipts.
SELECT p.intent_no, c.name AS connection, p.kind, p.document_no, p.state, p.attempts, p.external_id, p.external_number
FROM hourline.posting_intent p
JOIN hourline.connection c ON c.tenant = p.tenant AND c.connection_no = p.connection_no
WHERE p.document_no = ANY(%(document_nos)s)
  AND (p.kind <> %(write_back)s
       OR p.connection_no = (SELECT e.connection_no FROM hourline.time_entry e WHERE e.entry_no = %(entry_no)s))
ORDER BY p.intent_no;

-- name: story_exceptions
-- purpose: The exceptions an entry had or has.
SELECT item_no, queue, code, owner, state, sentence, opened_at, due_at, resolved_at, resolution
FROM hourline.exception_item WHERE entry_no = %(entry_no)s ORDER BY item_no;
