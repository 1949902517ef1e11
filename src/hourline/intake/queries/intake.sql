-- name: connection_reading
-- purpose: How the records of a connection are read.
SELECT states_revisions, settings -> 'reading' AS reading
FROM hourline.connection
WHERE connection_no = %(connection_no)s

-- name: open_delivery
-- purpose: Record an arrival unless the same one is there; gives its number only if new.
INSERT INTO hourline.delivery
    (delivery_no, connection_no, method, delivery_id, content_hash, received_at, records, refusal)
VALUES (nextval('hourline.delivery_no_seq'), %(connection_no)s, %(method)s, %(delivery_id)s,
        %(content_hash)s, %(received_at)s, %(records)s, %(refusal)s::jsonb)
ON CONFLICT (tenant, connection_no, method, delivery_id) DO NOTHING
RETURNING delivery_no

-- name: known_delivery
-- purpose: The arrival of this id, to tell a repetition from other content under its id.
SELECT delivery_no, content_hash, refusal
FROM hourline.delivery
WHERE connection_no = %(connection_no)s AND method = %(method)s AND delivery_id = %(delivery_id)s

-- name: earlier_outcomes
-- purpose: What became of each record of a delivery, in the order they came.
SELECT s.position, s.outcome,
       coalesce((SELECT e.source_id FROM hourline.time_entry e
                 WHERE e.tenant = s.tenant AND e.entry_no = s.entry_no),
                s.problems -> 0 -> 'detail' ->> 'source_id') AS source_id,
       s.problems
FROM hourline.source_record s
WHERE s.delivery_no = %(delivery_no)s
ORDER BY s.position

-- name: known_entries
-- purpose: The entries of these ids with their highest approved and highest recalled revision, as their source counts them; whether they are opening positions or parts of others, how often they were decided anew, and the projects they were transferred from and to.
SELECT e.source_id, e.entry_no, v.revision - d.redecided, v.content_hash, r.revision - d.before_recall,
       EXISTS (SELECT FROM hourline.opening_position o
               WHERE o.tenant = e.tenant AND o.entry_no = e.entry_no AND o.revision = v.revision
                 AND NOT EXISTS (SELECT FROM hourline.opening_reversal x
                                 WHERE x.tenant = o.tenant AND x.position_no = o.position_no)) AS is_opening,
       EXISTS (SELECT FROM hourline.entry_part p WHERE p.tenant = e.tenant AND p.entry_no = e.entry_no) AS is_part,
       d.redecided, v.source_project_ref, v.project_ref
FROM unnest(%(source_ids)s::text[]) AS asked (source_id)
JOIN hourline.time_entry e
    ON e.connection_no = %(connection_no)s AND e.source_id = asked.source_id
LEFT JOIN LATERAL (
    SELECT revision, content_hash, source_project_ref, project_ref FROM hourline.time_entry_version
    WHERE tenant = e.tenant AND entry_no = e.entry_no
    ORDER BY revision DESC LIMIT 1) v ON true
LEFT JOIN LATERAL (
    SELECT revision FROM hourline.time_entry_recall
    WHERE tenant = e.tenant AND entry_no = e.entry_no
    ORDER BY revision DESC LIMIT 1) r ON true
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS redecided, count(*) FILTER (WHERE revision <= r.revision)::integer AS before_recall
    FROM hourline.redecision WHERE tenant = e.tenant AND entry_no = e.entry_no) d

-- name: lock_entries
-- purpose: Let one transaction at a time change what is known of these entries.
SELECT count(pg_advisory_xact_lock(hashtextextended('intake.entry', (%(tenant)s::bigint << 16) + bucket)))
FROM (SELECT DISTINCT entry_no %% 1024 AS bucket
      FROM unnest(%(entry_nos)s::bigint[]) AS entry_no
      ORDER BY 1) buckets

-- name: entry_history
-- purpose: Every record that spoke of these entries, to know their latest change time.
SELECT r.entry_no, r.revision, r.body
FROM hourline.source_record r
WHERE r.entry_no = ANY (%(entry_nos)s) AND r.outcome <> %(conflict)s
  AND (r.outcome <> %(kept)s OR EXISTS (
      SELECT FROM hourline.kept_record k
      WHERE k.tenant = r.tenant AND k.delivery_no = r.delivery_no AND k.position = r.position
        AND k.settled_at IS NOT NULL))

-- name: new_entry_numbers
-- purpose: Draw numbers for entries that are new.
SELECT array_agg(nextval('hourline.entry_no_seq')) FROM generate_series(1, %(count)s)
