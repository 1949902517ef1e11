-- name: origin_of_entry
-- purpose: The entry that its source knows, of an entry that may be a part of it, and its id there; a part that is taken of it now would get the free id.
SELECT o.entry_no, o.source_id, o.source_id || '~' || (
    SELECT n
    FROM generate_series(1, 100 + (SELECT count(*) FROM hourline.entry_part p WHERE p.of_entry_no = o.entry_no)) AS n
    WHERE NOT EXISTS (SELECT FROM hourline.time_entry t
                      WHERE t.connection_no = o.connection_no AND t.source_id = o.source_id || '~' || n)
    ORDER BY n LIMIT 1) AS free_id
FROM hourline.time_entry o
WHERE o.entry_no = coalesce((SELECT p.of_entry_no FROM hourline.entry_part p WHERE p.entry_no = %(entry_no)s), %(entry_no)s)

-- name: content_of_revision
-- purpose: What of a revision can be divided: its time, and what an expense cost with its tax, in minor units of its currency.
SELECT v.worked_seconds, v.billable_seconds, x.cost, x.tax, x.currency
FROM hourline.time_entry_version v
LEFT JOIN hourline.expense_version x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
WHERE v.entry_no = %(entry_no)s AND v.revision = %(revision)s

-- name: add_part
-- purpose: Give a part of an entry an identity of its own, at the same connection.
WITH added AS (
    INSERT INTO hourline.time_entry (entry_no, connection_no, source_id)
    SELECT nextval('hourline.entry_no_seq'), connection_no, %(part_id)s
    FROM hourline.time_entry WHERE entry_no = %(of_entry_no)s
    RETURNING entry_no)
INSERT INTO hourline.entry_part (entry_no, of_entry_no)
SELECT entry_no, %(of_entry_no)s FROM added
RETURNING entry_no

-- name: keep_share
-- purpose: Keep a share of the content of a revision as a revision of the same or another entry; it came with the same record.
INSERT INTO hourline.time_entry_version
    (entry_no, revision, content_hash, delivery_no, position, person_ref, project_ref, source_project_ref, activity_ref,
     hour_type_ref, work_date, worked_seconds, billable_seconds, role_ref, note, price, approved_at, recorded_at)
SELECT %(as_entry_no)s, %(as_revision)s, content_hash, delivery_no, position, person_ref, %(project)s,
       nullif(coalesce(source_project_ref, project_ref), %(project)s), activity_ref, hour_type_ref, work_date,
       %(worked_seconds)s, %(billable_seconds)s, role_ref, note, price, approved_at, %(recorded_at)s
FROM hourline.time_entry_version
WHERE entry_no = %(entry_no)s AND revision = %(revision)s

-- name: keep_share_of_expense
-- purpose: Keep a share of what an expense of a revision cost, with the share of its content.
INSERT INTO hourline.expense_version (entry_no, revision, cost, currency, markup_ppm, tax, recoverable, recoverable_ppm, receipt, recovery_stated)
SELECT %(as_entry_no)s, %(as_revision)s, %(cost)s, currency, markup_ppm, %(tax)s, recoverable, recoverable_ppm, receipt, recovery_stated
FROM hourline.expense_version
WHERE entry_no = %(entry_no)s AND revision = %(revision)s

-- name: keep_split
-- purpose: Record which revision of a part has what a revision of an entry lacks.
INSERT INTO hourline.entry_split (entry_no, revision, part_entry_no, part_revision)
VALUES (%(entry_no)s, %(revision)s, %(part_entry_no)s, %(part_revision)s)

-- name: parts_in_force
-- purpose: The parts of entries that count, with what each has, who took it out and why, and the projects its source names and it is on.
SELECT p.of_entry_no, p.entry_no, v.revision, e.source_id, v.worked_seconds, x.cost,
       coalesce(v.source_project_ref, v.project_ref) AS named_project, v.project_ref AS project, r.actor, r.reason
FROM hourline.entry_part p
JOIN hourline.time_entry e ON e.tenant = p.tenant AND e.entry_no = p.entry_no
JOIN LATERAL (SELECT * FROM hourline.time_entry_version v
              WHERE v.tenant = p.tenant AND v.entry_no = p.entry_no ORDER BY v.revision DESC LIMIT 1) AS v ON true
LEFT JOIN hourline.expense_version x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
JOIN LATERAL (SELECT r.actor, r.reason FROM hourline.entry_split s
              JOIN hourline.redecision r ON r.tenant = s.tenant AND r.entry_no = s.entry_no AND r.revision = s.revision
              WHERE s.tenant = p.tenant AND s.part_entry_no = p.entry_no ORDER BY s.part_revision DESC LIMIT 1) AS r ON true
WHERE p.of_entry_no = ANY (%(entry_nos)s::bigint[]) AND NOT EXISTS (
    SELECT FROM hourline.time_entry_recall w
    WHERE w.tenant = p.tenant AND w.entry_no = p.entry_no AND w.revision >= v.revision)
ORDER BY p.of_entry_no, p.entry_no

-- name: end_part
-- purpose: End a revision of a part with the record that replaced the entry it is of, or recalled it.
INSERT INTO hourline.time_entry_recall (entry_no, revision, delivery_no, position, recorded_at)
SELECT %(entry_no)s, %(revision)s, said.delivery_no, said.position, %(recorded_at)s
FROM (SELECT v.delivery_no, v.position FROM hourline.time_entry_version v
      WHERE v.entry_no = %(of_entry_no)s AND v.revision = %(by_revision)s
      UNION ALL
      (SELECT w.delivery_no, w.position FROM hourline.time_entry_recall w
       WHERE w.entry_no = %(of_entry_no)s AND %(by_revision)s::integer IS NULL ORDER BY w.revision DESC LIMIT 1)) AS said
