-- name: entries_called
-- purpose: Entries with an id at any source, with the name of the source.
SELECT e.entry_no, c.name FROM hourline.time_entry e
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
WHERE e.source_id = %(source_id)s AND (%(connection)s::text IS NULL OR c.name = %(connection)s)
ORDER BY e.entry_no;

-- name: revision_written
-- purpose: A revision as it came, the last decided one where none is named; the first columns are those of pending_entries.
SELECT v.entry_no, v.revision, e.connection_no, e.source_id,
       v.person_ref, v.project_ref, v.activity_ref, v.hour_type_ref, v.role_ref,
       v.work_date - date '1970-01-01' AS work_day,
       v.worked_seconds, v.billable_seconds,
       (extract(epoch FROM v.approved_at) * 1000000)::bigint AS approved_microseconds,
       v.price, x.cost, x.currency, x.markup_ppm,
       x.recovered_tax AS recoverable_tax, (x.receipt IS NOT NULL)::integer AS receipted,
       (NOT x.recovery_stated)::integer AS by_rule,
       d.change_no, s.by_revision, s.entry_no IS NOT NULL AS superseded,
       EXISTS (SELECT FROM hourline.opening_position o WHERE o.tenant = v.tenant AND o.entry_no = v.entry_no
               AND o.revision = v.revision) AS taken_over
FROM hourline.time_entry_version v
JOIN hourline.time_entry e ON e.tenant = v.tenant AND e.entry_no = v.entry_no
LEFT JOIN hourline.decision d ON d.tenant = v.tenant AND d.entry_no = v.entry_no AND d.revision = v.revision
LEFT JOIN hourline.expense_version x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
LEFT JOIN hourline.supersession s ON s.tenant = v.tenant AND s.entry_no = v.entry_no AND s.revision = v.revision
WHERE v.entry_no = %(entry_no)s AND (%(revision)s::integer IS NULL OR v.revision = %(revision)s)
ORDER BY (d.entry_no IS NOT NULL) DESC, v.revision DESC
LIMIT 1;

-- name: stored_decision
-- purpose: The decision of a revision as it is stored, by column.
SELECT to_jsonb(d) FROM hourline.decision d WHERE d.entry_no = %(entry_no)s AND d.revision = %(revision)s;

-- name: stored_portions
-- purpose: The portions of a revision as they were decided, by column; what the rounding of its day made of it came later.
SELECT to_jsonb(p) FROM hourline.portion p
WHERE p.entry_no = %(entry_no)s AND p.revision = %(revision)s
  AND NOT EXISTS (SELECT FROM hourline.day_rounding r WHERE r.tenant = p.tenant AND r.entry_no = p.entry_no
                  AND r.revision = p.revision AND r.part <= p.part)
ORDER BY p.part;

-- name: stored_journal
-- purpose: The journal lines a revision caused itself when it was decided, as they are stored, by column.
SELECT to_jsonb(j) FROM hourline.journal_line j
WHERE j.cause = %(cause_entry)s AND j.cause_no = %(entry_no)s AND j.cause_revision = %(revision)s AND NOT j.mirror
  AND NOT EXISTS (SELECT FROM hourline.day_rounding r WHERE r.tenant = j.tenant AND r.entry_no = j.cause_no
                  AND r.revision = j.cause_revision AND r.part <= j.part)
  AND NOT EXISTS (SELECT FROM hourline.cost_correction c WHERE j.effect = %(effect_cost)s AND c.tenant = j.tenant
                  AND c.entry_no = j.cause_no AND c.revision = j.cause_revision AND c.correction_no = j.part)
ORDER BY j.part, j.effect;

-- name: stored_problems
-- purpose: Why a revision is not decided.
SELECT problems FROM hourline.pending_entry WHERE entry_no = %(entry_no)s AND revision = %(revision)s;
