-- name: standing_days
-- purpose: Whose work of which day the highest revision of entries is.
SELECT asked.entry_no, v.person_ref, v.work_date
FROM unnest(%(entry_nos)s::bigint[]) AS asked (entry_no)
CROSS JOIN LATERAL (
    SELECT person_ref, work_date FROM hourline.time_entry_version
    WHERE entry_no = asked.entry_no ORDER BY revision DESC LIMIT 1) v

-- name: kept_records
-- purpose: Records that entry locks keep apart, as they arrived; of some entries, or last tried with older master data.
SELECT l.delivery_no, l.position, l.entry_no, l.revision, l.content_hash, l.statement::text AS statement,
       l.entry_lock, l.person_ref, l.worked_on, d.connection_no, d.method, d.delivery_id, d.received_at, e.source_id
FROM hourline.locked_record l
JOIN hourline.delivery d ON d.tenant = l.tenant AND d.delivery_no = l.delivery_no
JOIN hourline.time_entry e ON e.tenant = l.tenant AND e.entry_no = l.entry_no
WHERE l.settled_at IS NULL
  AND (%(entry_nos)s::bigint[] IS NULL OR l.entry_no = ANY (%(entry_nos)s))
  AND (%(older_than)s::bigint IS NULL OR l.change_no < %(older_than)s)
ORDER BY d.received_at, l.delivery_no, l.position
LIMIT %(limit)s

-- name: settle_kept
-- purpose: Note what became of kept records, and who let them in, where somebody did.
UPDATE hourline.locked_record l
SET settled_at = %(at)s, outcome = done.outcome, actor = %(actor)s, reason = %(reason)s
FROM unnest(%(delivery_nos)s::bigint[], %(positions)s::integer[], %(outcomes)s::smallint[])
     AS done (delivery_no, position, outcome)
WHERE l.delivery_no = done.delivery_no AND l.position = done.position AND l.settled_at IS NULL

-- name: kept_on
-- purpose: Note with which master data kept records were tried.
UPDATE hourline.locked_record l SET change_no = %(change_no)s
FROM unnest(%(delivery_nos)s::bigint[], %(positions)s::integer[]) AS tried (delivery_no, position)
WHERE l.delivery_no = tried.delivery_no AND l.position = tried.position AND l.settled_at IS NULL
