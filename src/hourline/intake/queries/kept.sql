-- name: standing_days
-- purpose: Whose work of which day the highest revision of entries is.
SELECT asked.entry_no, v.person_ref, v.work_date
FROM unnest(%(entry_nos)s::bigint[]) AS asked (entry_no)
CROSS JOIN LATERAL (
    SELECT person_ref, work_date FROM hourline.time_entry_version
    WHERE entry_no = asked.entry_no ORDER BY revision DESC LIMIT 1) v

-- name: kept_records
-- purpose: Records that are kept apart, as they arrived; of some entries, or last tried with older master data.
SELECT k.delivery_no, k.position, k.entry_no, k.revision, k.content_hash, k.statement::text AS statement,
       k.entry_lock, k.person_ref, k.worked_on, d.connection_no, d.method, d.delivery_id, d.received_at, e.source_id
FROM hourline.kept_record k
JOIN hourline.delivery d ON d.tenant = k.tenant AND d.delivery_no = k.delivery_no
JOIN hourline.time_entry e ON e.tenant = k.tenant AND e.entry_no = k.entry_no
WHERE k.settled_at IS NULL
  AND (%(entry_nos)s::bigint[] IS NULL OR k.entry_no = ANY (%(entry_nos)s))
  AND (%(older_than)s::bigint IS NULL OR k.change_no < %(older_than)s)
ORDER BY d.received_at, k.delivery_no, k.position
LIMIT %(limit)s

-- name: settle_kept
-- purpose: Note what became of kept records, and who let them in, where somebody did.
UPDATE hourline.kept_record k
SET settled_at = %(at)s, outcome = done.outcome, actor = %(actor)s, reason = %(reason)s
FROM unnest(%(delivery_nos)s::bigint[], %(positions)s::integer[], %(outcomes)s::smallint[])
     AS done (delivery_no, position, outcome)
WHERE k.delivery_no = done.delivery_no AND k.position = done.position AND k.settled_at IS NULL

-- name: kept_on
-- purpose: Note with which master data kept records were tried.
UPDATE hourline.kept_record k SET change_no = %(change_no)s
FROM unnest(%(delivery_nos)s::bigint[], %(positions)s::integer[]) AS tried (delivery_no, position)
WHERE k.delivery_no = tried.delivery_no AND k.position = tried.position AND k.settled_at IS NULL

-- name: kept_by
-- purpose: Note which lock keeps records of a delivery apart, none where the credit of an invoice waits for approval.
UPDATE hourline.kept_record k SET entry_lock = now.entry_lock
FROM unnest(%(positions)s::integer[], %(entry_locks)s::text[]) AS now (position, entry_lock)
WHERE k.delivery_no = %(delivery_no)s AND k.position = now.position AND k.settled_at IS NULL
  AND k.entry_lock IS DISTINCT FROM now.entry_lock
