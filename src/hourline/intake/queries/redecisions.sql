-- name: standing_version
-- purpose: The content of an entry that counts, with the project its source names and whether it was taken over; no row where none counts.
SELECT v.entry_no, v.revision, e.connection_no, e.source_id, c.name AS source, v.project_ref AS project,
       coalesce(v.source_project_ref, v.project_ref) AS named_project,
       EXISTS (SELECT FROM hourline.opening_position o
               WHERE o.tenant = v.tenant AND o.entry_no = v.entry_no AND o.revision = v.revision) AS is_opening
FROM hourline.time_entry e
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
JOIN LATERAL (
    SELECT * FROM hourline.time_entry_version
    WHERE tenant = e.tenant AND entry_no = e.entry_no
    ORDER BY revision DESC LIMIT 1) v ON true
WHERE e.entry_no = %(entry_no)s AND NOT EXISTS (
    SELECT FROM hourline.time_entry_recall r
    WHERE r.tenant = v.tenant AND r.entry_no = v.entry_no AND r.revision >= v.revision)

-- name: repeat_version
-- purpose: Keep the content of a revision once more, as the next one, on a project that may be another; it came with the same record.
INSERT INTO hourline.time_entry_version
    (entry_no, revision, content_hash, delivery_no, position, person_ref, project_ref, source_project_ref, activity_ref,
     hour_type_ref, work_date, worked_seconds, billable_seconds, role_ref, note, price, approved_at, recorded_at)
SELECT entry_no, revision + 1, content_hash, delivery_no, position, person_ref, %(project)s,
       nullif(coalesce(source_project_ref, project_ref), %(project)s), activity_ref, hour_type_ref, work_date,
       worked_seconds, billable_seconds, role_ref, note, price, approved_at, %(recorded_at)s
FROM hourline.time_entry_version
WHERE entry_no = %(entry_no)s AND revision = %(revision)s

-- name: repeat_expense
-- purpose: Keep what an expense of a revision cost once more, with the next one.
INSERT INTO hourline.expense_version (entry_no, revision, cost, currency, markup_ppm, tax, recoverable, recoverable_ppm, receipt, recovery_stated)
SELECT entry_no, revision + 1, cost, currency, markup_ppm, tax, recoverable, recoverable_ppm, receipt, recovery_stated
FROM hourline.expense_version
WHERE entry_no = %(entry_no)s AND revision = %(revision)s

-- name: keep_redecision
-- purpose: Record that a revision is the one before it decided anew, with who said so and why.
INSERT INTO hourline.redecision (entry_no, revision, kind, actor, reason, proposal_no, recorded_at)
VALUES (%(entry_no)s, %(revision)s + 1, %(kind)s, %(actor)s, %(reason)s, %(proposal_no)s, %(recorded_at)s)
