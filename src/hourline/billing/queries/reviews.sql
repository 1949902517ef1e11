-- name: entries_named
-- purpose: The entries of an id, each with the source that calls it so.
SELECT e.entry_no, c.name AS source
FROM hourline.time_entry e
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
WHERE e.source_id = %(source_id)s AND (%(source)s::text IS NULL OR c.name = %(source)s)
ORDER BY c.name

-- name: decision_in_force
-- purpose: Where the revision in force of an entry is billed and booked; no row where none is decided.
SELECT d.entry_no, d.revision, d.contract_no, d.entity_no, d.currency, d.accounting_date, d.work_date,
       d.project_no, d.person_no
FROM hourline.decision d
WHERE d.entry_no = %(entry_no)s AND NOT EXISTS (
    SELECT FROM hourline.supersession s
    WHERE s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision)

-- name: reviewable_portions
-- purpose: What of a revision stands on no live invoice line, was not given up, held or not; what is prepaid or over a limit is not among it, unless it is to be freed.
SELECT p.contract_line_no, p.entry_no, p.revision, p.part, NULL::text AS milestone, d.work_date AS dated,
       d.approved_at, e.source_id, d.project_no, d.person_no, d.tax_rule_no, p.currency,
       p.seconds AS seconds_total, coalesce(b.seconds_billed, 0) AS seconds_billed,
       p.rate_amount, p.rate_seconds, 0::bigint AS amount_open,
       p.accrued_amount AS accrued, coalesce(j.entity_amount, 0) AS accrued_entity,
       p.amount AS value,
       coalesce(b.seconds_written_off + b.seconds_left_out + b.seconds_replaced, 0) AS seconds_given_up,
       CASE WHEN p.seconds = 0 THEN p.amount ELSE 0 END AS units_total, coalesce(b.units_billed, 0) AS units_billed,
       CASE WHEN p.seconds = 0 THEN coalesce(b.amount_written_off + b.amount_left_out, 0) ELSE 0 END AS units_given_up,
       coalesce(b.seconds_prepaid + b.seconds_over_limit, 0) AS seconds_allotted,
       CASE WHEN p.seconds = 0 THEN coalesce(b.amount_over_limit, 0) ELSE 0 END AS units_allotted,
       coalesce(b.weight_uneven, 0) AS weight_uneven
FROM hourline.portion p
JOIN hourline.decision d USING (tenant, entry_no, revision)
JOIN hourline.time_entry e USING (tenant, entry_no)
LEFT JOIN LATERAL (
    SELECT seconds_billed, units_billed, live_lines, weight_uneven, seconds_replaced, seconds_written_off, amount_written_off, seconds_left_out,
           amount_left_out, CASE WHEN %(freed)s THEN 0 ELSE a.seconds_prepaid END AS seconds_prepaid,
           CASE WHEN %(freed)s THEN 0 ELSE a.seconds_over_limit END AS seconds_over_limit,
           CASE WHEN %(freed)s THEN 0 ELSE a.amount_over_limit END AS amount_over_limit
    FROM hourline.billed_portion a
    WHERE (a.tenant, a.entry_no, a.revision, a.part) = (p.tenant, p.entry_no, p.revision, p.part) LIMIT 1
) AS b ON true
LEFT JOIN hourline.journal_line j
    ON j.tenant = p.tenant AND j.cause = %(cause_entry)s AND j.cause_no = p.entry_no AND j.cause_revision = p.revision
   AND j.part = p.part AND j.effect = ANY(%(effects_accrual)s::smallint[]) AND NOT j.mirror
WHERE p.entry_no = %(entry_no)s AND p.revision = %(revision)s AND p.fate = %(fate_billable)s
  AND (p.seconds > coalesce(b.seconds_billed + b.seconds_written_off + b.seconds_left_out + b.seconds_replaced
                            + b.seconds_prepaid + b.seconds_over_limit, 0)
       OR p.seconds = 0 AND p.amount > coalesce(b.units_billed + b.amount_written_off + b.amount_left_out
                                                + b.amount_over_limit, 0))
ORDER BY p.part

-- name: insert_act
-- purpose: Record what a person decided.
INSERT INTO hourline.review_act
    (kind, entry_no, revision, part, document_no, seconds, amount, accrual_reversed, actor, reason)
VALUES
    (%(kind)s, %(entry_no)s, %(revision)s, %(part)s, %(document_no)s, %(seconds)s, %(amount)s, %(accrual_reversed)s,
     %(actor)s, %(reason)s)
RETURNING act_no

-- name: hold_entry
-- purpose: Take an entry out of billing; one that was postponed is held from now on.
INSERT INTO hourline.held_entry (entry_no, act_no, kind) VALUES (%(entry_no)s, %(act_no)s, %(kind)s)
ON CONFLICT (tenant, entry_no) DO UPDATE SET act_no = excluded.act_no, kind = excluded.kind

-- name: release_entry
-- purpose: Put an entry back into billing.
DELETE FROM hourline.held_entry WHERE entry_no = %(entry_no)s

-- name: how_held
-- purpose: By which kind of act an entry is out of billing; no row where it is in it.
SELECT kind FROM hourline.held_entry WHERE entry_no = %(entry_no)s

-- name: postponed_until
-- purpose: The entries of a contract that are postponed and that a bill through a day would have taken up, with the act that postponed each.
SELECT h.entry_no, a.actor, a.reason
FROM hourline.held_entry h
JOIN hourline.review_act a ON a.tenant = h.tenant AND a.act_no = h.act_no
JOIN hourline.decision d ON d.tenant = h.tenant AND d.entry_no = h.entry_no
LEFT JOIN hourline.supersession s ON s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision
WHERE h.kind = %(postpone)s AND d.contract_no = %(contract_no)s AND d.work_date <= %(through)s AND s.entry_no IS NULL
ORDER BY h.entry_no

-- name: give_up_portion
-- purpose: Raise what of a portion is given up; the table's check refuses more than there is.
INSERT INTO hourline.billed_portion AS billed
    (entry_no, revision, part, seconds, seconds_billed, units, units_billed, live_lines,
     seconds_written_off, amount_written_off, seconds_left_out, amount_left_out)
VALUES
    (%(entry_no)s, %(revision)s, %(part)s, %(seconds)s, 0, %(units)s, 0, 0,
     %(seconds_written_off)s, %(amount_written_off)s, %(seconds_left_out)s, %(amount_left_out)s)
ON CONFLICT (tenant, entry_no, revision, part) DO UPDATE
SET seconds_written_off = billed.seconds_written_off + excluded.seconds_written_off,
    amount_written_off = billed.amount_written_off + excluded.amount_written_off,
    seconds_left_out = billed.seconds_left_out + excluded.seconds_left_out,
    amount_left_out = billed.amount_left_out + excluded.amount_left_out

-- name: entry_name
-- purpose: What the source calls an entry.
SELECT source_id FROM hourline.time_entry WHERE entry_no = %(entry_no)s

-- name: held_listed
-- purpose: Every held or postponed entry, and every held milestone by its line, with who holds it since when and why, and what of it is out of billing.
SELECT e.source_id AS entry, c.name AS source, k.id AS contract, coalesce(work.seconds, 0)::bigint AS seconds,
       coalesce(work.amount, 0)::bigint AS amount, work.currency, a.actor, a.reason, a.recorded_at,
       h.kind = %(postpone)s AS postponed
FROM hourline.held_entry h
JOIN hourline.review_act a ON a.tenant = h.tenant AND a.act_no = h.act_no
JOIN hourline.time_entry e ON e.tenant = h.tenant AND e.entry_no = h.entry_no
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
LEFT JOIN LATERAL (
    SELECT min(p.contract_no) AS contract_no, min(p.currency) AS currency, sum(p.seconds) AS seconds,
           sum(p.amount) AS amount
    FROM hourline.portion_part p
    WHERE p.tenant = h.tenant AND p.entry_no = h.entry_no AND p.fate = ANY(%(held)s::smallint[]) AND NOT EXISTS (
        SELECT FROM hourline.supersession s
        WHERE s.tenant = p.tenant AND s.entry_no = p.entry_no AND s.revision = p.revision)
) AS work ON true
LEFT JOIN hourline.master_identity k ON k.tenant = h.tenant AND k.master_no = work.contract_no
UNION ALL
SELECT l.id || '/' || h.milestone, l.id, k.id, 0, m.amount - coalesce(b.amount_billed, 0), m.currency, h.actor, h.reason, h.held_at,
       false
FROM hourline.held_milestone h
JOIN hourline.milestone_reached m USING (tenant, contract_line_no, milestone)
LEFT JOIN hourline.billed_milestone b USING (tenant, contract_line_no, milestone)
JOIN hourline.master_identity l ON l.tenant = h.tenant AND l.master_no = h.contract_line_no
JOIN hourline.master_identity k ON k.tenant = h.tenant AND k.master_no = m.contract_no
ORDER BY 9, 1

-- name: settled_of_revision
-- purpose: What of a revision stands on invoices, was written off, or was left out of one; in seconds, of an expense in units.
SELECT coalesce(sum(b.live_lines), 0)::bigint AS live_lines,
       coalesce(sum(b.seconds_written_off), 0)::bigint AS seconds_written_off,
       coalesce(sum(CASE WHEN b.seconds = 0 THEN b.amount_written_off END), 0)::bigint AS units_written_off,
       coalesce(sum(b.seconds_left_out + CASE WHEN b.seconds = 0 THEN b.amount_left_out ELSE 0 END), 0)::bigint AS left_out
FROM hourline.billed_portion b
WHERE b.entry_no = %(entry_no)s AND b.revision = %(revision)s
