-- name: lock_exports
-- purpose: Let one transaction at a time number the rows of a connection's exports.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    'intake.export', (%(tenant)s::bigint << 32) + %(connection_no)s)))

-- name: known_equals
-- purpose: The entries of these keys, with the latest content of each and whether it counts.
SELECT x.key_hash, x.number, coalesce(v.content_hash, ''::bytea),
       coalesce(v.revision > coalesce(r.revision, 0), false)
FROM unnest(%(key_hashes)s::bytea[]) AS asked (key_hash)
JOIN hourline.exported_entry x
    ON x.connection_no = %(connection_no)s AND x.layout = %(layout)s AND x.key_hash = asked.key_hash
LEFT JOIN LATERAL (
    SELECT revision, content_hash FROM hourline.time_entry_version
    WHERE tenant = x.tenant AND entry_no = x.entry_no
    ORDER BY revision DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (
    SELECT revision FROM hourline.time_entry_recall
    WHERE tenant = x.tenant AND entry_no = x.entry_no
    ORDER BY revision DESC LIMIT 1) r ON true

-- name: known_names
-- purpose: What a connection calls people and projects.
SELECT DISTINCT kind, source_id FROM hourline.cross_reference
WHERE connection_no = %(connection_no)s AND kind IN ('person', 'project')

-- name: standing_entries
-- purpose: Entries in force of some days that came by exports and that no record of these deliveries spoke of.
SELECT x.entry_no, e.source_id, x.key_hash, v.person_ref AS person,
       coalesce(v.source_project_ref, v.project_ref) AS project,
       x.worked_on, v.worked_seconds AS seconds
FROM hourline.exported_entry x
JOIN hourline.time_entry e ON e.tenant = x.tenant AND e.entry_no = x.entry_no
JOIN LATERAL (
    SELECT revision, person_ref, project_ref, source_project_ref, worked_seconds FROM hourline.time_entry_version
    WHERE tenant = x.tenant AND entry_no = x.entry_no
    ORDER BY revision DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (
    SELECT revision FROM hourline.time_entry_recall
    WHERE tenant = x.tenant AND entry_no = x.entry_no
    ORDER BY revision DESC LIMIT 1) r ON true
WHERE x.connection_no = %(connection_no)s AND x.layout = %(layout)s
  AND x.worked_on BETWEEN %(first_day)s AND %(last_day)s
  AND v.revision > coalesce(r.revision, 0)
  -- Not EXISTS: just after a large file its plan would scan the deliveries for every entry.
  AND x.entry_no NOT IN (SELECT s.entry_no FROM hourline.source_record s
                         WHERE s.delivery_no = ANY (%(delivery_nos)s) AND s.entry_no IS NOT NULL)
ORDER BY x.worked_on, e.source_id

-- name: left_standing
-- purpose: Those of some entries that are in force and that no record of these deliveries spoke of.
SELECT v.entry_no
FROM unnest(%(entry_nos)s::bigint[]) AS asked (entry_no)
JOIN LATERAL (
    SELECT tenant, entry_no, revision FROM hourline.time_entry_version
    WHERE entry_no = asked.entry_no
    ORDER BY revision DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (
    SELECT revision FROM hourline.time_entry_recall
    WHERE tenant = v.tenant AND entry_no = v.entry_no
    ORDER BY revision DESC LIMIT 1) r ON true
WHERE v.revision > coalesce(r.revision, 0)
  AND v.entry_no NOT IN (SELECT s.entry_no FROM hourline.source_record s
                         WHERE s.delivery_no = ANY (%(delivery_nos)s) AND s.entry_no IS NOT NULL)

-- name: note_coverage
-- purpose: Note which days the export of a delivery covers.
INSERT INTO hourline.export_coverage (delivery_no, layout, first_day, last_day, stated, covers)
VALUES (%(delivery_no)s, %(layout)s, %(first_day)s, %(last_day)s, %(stated)s, %(covers)s)

-- name: has_exports
-- purpose: Whether entries of a connection are named by the keys of exports.
SELECT EXISTS (SELECT FROM hourline.exported_entry WHERE connection_no = %(connection_no)s)

-- name: revised_versions
-- purpose: The time of revisions that stopped counting, as their source said it of the whole, and of those in their places.
SELECT e.source_id, old.work_date AS worked_on,
       (SELECT v.worked_seconds FROM hourline.time_entry_version v
        WHERE v.tenant = e.tenant AND v.entry_no = e.entry_no AND (v.delivery_no, v.position) = (old.delivery_no, old.position)
        ORDER BY v.revision LIMIT 1) AS from_seconds,
       new.worked_seconds AS to_seconds
FROM unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[], %(by_revisions)s::integer[])
    WITH ORDINALITY AS ended (entry_no, revision, by_revision, place)
JOIN hourline.time_entry e ON e.entry_no = ended.entry_no
JOIN hourline.time_entry_version old
    ON old.tenant = e.tenant AND old.entry_no = ended.entry_no AND old.revision = ended.revision
LEFT JOIN hourline.time_entry_version new
    ON new.tenant = e.tenant AND new.entry_no = ended.entry_no AND new.revision = ended.by_revision
ORDER BY ended.place
