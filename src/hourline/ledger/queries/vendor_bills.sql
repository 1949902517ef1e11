-- name: lock_vendor_bills
-- purpose: Let one transaction at a time match vendor bills or end matches, where the tenant has any bill.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    concat('hourline.vendor_bills ', control.current_tenant()), 0)))
WHERE EXISTS (SELECT FROM hourline.vendor_bill)

-- name: insert_vendor_bill
-- purpose: Record a bill of a vendor; the same reference of the same vendor is one bill.
INSERT INTO hourline.vendor_bill (vendor_no, reference, entity_no, billed_on, currency, content_hash)
VALUES (%(vendor_no)s, %(reference)s, %(entity_no)s, %(billed_on)s, %(currency)s, %(content_hash)s)
ON CONFLICT (tenant, vendor_no, reference) DO NOTHING
RETURNING bill_no

-- name: vendor_bill_hash
-- purpose: The hash of what a bill said when it came first.
SELECT content_hash FROM hourline.vendor_bill WHERE vendor_no = %(vendor_no)s AND reference = %(reference)s

-- name: insert_vendor_bill_line
-- purpose: Record a line of a vendor's bill.
INSERT INTO hourline.vendor_bill_line
    (bill_no, line_no, person_no, project_no, worked_from, worked_until, seconds, amount)
VALUES (%(bill_no)s, %(line_no)s, %(person_no)s, %(project_no)s, %(worked_from)s, %(worked_until)s, %(seconds)s,
        %(amount)s)

-- name: open_vendor_lines
-- purpose: The lines of vendor bills that no match stands of, all or those that decisions of entries may concern, in the order of their bills.
SELECT l.bill_no, l.line_no, b.vendor_no, v.id AS vendor, b.reference, b.entity_no, b.billed_on, b.currency,
       l.person_no, l.project_no, l.worked_from, l.worked_until, l.seconds, l.amount
FROM hourline.vendor_bill_line l
JOIN hourline.vendor_bill b ON b.tenant = l.tenant AND b.bill_no = l.bill_no
JOIN hourline.master_identity v ON v.tenant = b.tenant AND v.master_no = b.vendor_no
WHERE NOT EXISTS (SELECT FROM hourline.matched_line m
                  WHERE m.tenant = l.tenant AND m.bill_no = l.bill_no AND m.line_no = l.line_no)
  AND (%(entry_nos)s::bigint[] IS NULL OR (l.person_no, l.project_no) IN (
      SELECT d.person_no, d.project_no FROM hourline.decision d WHERE d.entry_no = ANY(%(entry_nos)s::bigint[])))
ORDER BY b.billed_on, l.bill_no, l.line_no

-- name: approved_time_of
-- purpose: The approved time of a person on a project and days that an entity provides and no match stands of; what an acquired unit brought along is none.
SELECT d.entry_no, d.revision, d.worked_seconds AS seconds,
       d.cost_amount + coalesce((SELECT sum(c.cost_after - c.cost_before)::bigint FROM hourline.cost_correction c
           WHERE (c.tenant, c.entry_no, c.revision) = (d.tenant, d.entry_no, d.revision)), 0) AS cost
FROM hourline.decision d
WHERE d.person_no = %(person_no)s AND d.project_no = %(project_no)s AND d.resourcing_entity_no = %(entity_no)s
  AND d.work_date >= %(worked_from)s AND d.work_date < %(worked_until)s
  AND NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = d.tenant
                  AND s.entry_no = d.entry_no AND s.revision = d.revision)
  AND NOT EXISTS (SELECT FROM hourline.matched_entry m WHERE m.tenant = d.tenant AND m.entry_no = d.entry_no)
  AND NOT EXISTS (SELECT FROM hourline.priced_expense x WHERE x.tenant = d.tenant
                  AND x.entry_no = d.entry_no AND x.revision = d.revision)
  AND NOT EXISTS (SELECT FROM hourline.opening_position o WHERE o.tenant = d.tenant AND o.entry_no = d.entry_no)
ORDER BY d.work_date, d.entry_no

-- name: insert_vendor_match
-- purpose: Record that a line fits approved time; the line and each entry can be matched once.
WITH made AS (
    INSERT INTO hourline.vendor_match (bill_no, line_no, entity_no, seconds, cost, billed)
    VALUES (%(bill_no)s, %(line_no)s, %(entity_no)s, %(seconds)s, %(cost)s, %(billed)s)
    RETURNING match_no
), of_line AS (
    INSERT INTO hourline.matched_line (bill_no, line_no, match_no)
    SELECT %(bill_no)s, %(line_no)s, match_no FROM made
), entries AS (
    INSERT INTO hourline.vendor_match_entry (match_no, entry_no, revision)
    SELECT match_no, e.entry_no, e.revision
    FROM made, unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS e (entry_no, revision)
), of_entries AS (
    INSERT INTO hourline.matched_entry (entry_no, match_no)
    SELECT e.entry_no, match_no FROM made, unnest(%(entry_nos)s::bigint[]) AS e (entry_no)
)
SELECT match_no FROM made

-- name: insert_match_line
-- purpose: Book one movement of a match, in the currency of the entity.
INSERT INTO hourline.journal_line
    (cause, cause_no, cause_revision, part, effect, mirror, entity_no, project_no, person_no, debit, credit, currency,
     amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
VALUES (%(cause)s, %(match_no)s, 0, %(part)s, %(effect)s, false, %(entity_no)s, %(project_no)s, %(person_no)s,
        %(debit)s, %(credit)s, %(currency)s, %(amount)s, %(currency)s, %(amount)s, %(accounting_date)s, %(document_date)s,
        now())

-- name: matches_of_entries
-- purpose: The matches that stand of any of these entries, with the day each was booked on and the first such entry.
SELECT m.match_no, m.entity_no, min(e.entry_no) AS entry_no,
       coalesce((SELECT min(j.accounting_date) FROM hourline.journal_line j
                 WHERE j.tenant = m.tenant AND j.cause = %(cause)s AND j.cause_no = m.match_no), b.billed_on) AS booked_on
FROM hourline.matched_entry e
JOIN hourline.vendor_match m ON m.tenant = e.tenant AND m.match_no = e.match_no
JOIN hourline.vendor_bill b ON b.tenant = m.tenant AND b.bill_no = m.bill_no
WHERE e.entry_no = ANY(%(entry_nos)s::bigint[])
GROUP BY m.tenant, m.match_no, m.entity_no, b.billed_on
ORDER BY m.match_no

-- name: end_match
-- purpose: Let a match stand no longer, of its line and of all its entries.
WITH undone AS (
    INSERT INTO hourline.vendor_match_undone (match_no, entity_no, entry_no)
    VALUES (%(match_no)s, %(entity_no)s, %(entry_no)s)
), of_line AS (
    DELETE FROM hourline.matched_line WHERE match_no = %(match_no)s
)
DELETE FROM hourline.matched_entry WHERE match_no = %(match_no)s

-- name: mirror_match
-- purpose: Take back all that a match booked.
INSERT INTO hourline.journal_line
    (cause, cause_no, cause_revision, part, effect, mirror, entity_no, project_no, person_no, debit, credit, currency,
     amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT cause, cause_no, cause_revision, part, effect, true, entity_no, project_no, person_no, credit, debit, currency,
       amount, entity_currency, entity_amount, %(accounting_date)s, document_date, now()
FROM hourline.journal_line WHERE cause = %(cause)s AND cause_no = %(match_no)s AND NOT mirror

-- name: vendor_lines_listed
-- purpose: The lines of vendor bills with the match that stands of each, or none.
SELECT v.id AS vendor, b.reference, e.id AS entity, b.billed_on, b.currency, l.line_no, p.id AS person, j.id AS project,
       l.worked_from, l.worked_until, l.seconds, l.amount, m.match_no, m.seconds AS seconds_approved, m.cost, m.billed,
       ARRAY(SELECT t.source_id FROM hourline.vendor_match_entry x
             JOIN hourline.time_entry t ON t.tenant = x.tenant AND t.entry_no = x.entry_no
             WHERE x.tenant = m.tenant AND x.match_no = m.match_no ORDER BY t.source_id) AS entries
FROM hourline.vendor_bill_line l
JOIN hourline.vendor_bill b ON b.tenant = l.tenant AND b.bill_no = l.bill_no
JOIN hourline.master_identity v ON v.tenant = b.tenant AND v.master_no = b.vendor_no
JOIN hourline.master_identity e ON e.tenant = b.tenant AND e.master_no = b.entity_no
JOIN hourline.master_identity p ON p.tenant = l.tenant AND p.master_no = l.person_no
JOIN hourline.master_identity j ON j.tenant = l.tenant AND j.master_no = l.project_no
LEFT JOIN hourline.matched_line a ON a.tenant = l.tenant AND a.bill_no = l.bill_no AND a.line_no = l.line_no
LEFT JOIN hourline.vendor_match m ON m.tenant = a.tenant AND m.match_no = a.match_no
WHERE %(vendor)s::text IS NULL OR v.id = %(vendor)s
ORDER BY b.billed_on, l.bill_no, l.line_no
