-- name: open_item
-- purpose: Open an exception; the same cause keeps its open item and only learns the newer sentence.
INSERT INTO hourline.exception_item
    (queue, code, subject_kind, subject_key, entry_no, revision, sentence, remedy, detail, owner, opened_at, due_at)
VALUES (%(queue)s, %(code)s, %(subject_kind)s, %(subject_key)s, %(entry_no)s, %(revision)s,
        %(sentence)s, %(remedy)s, %(detail)s, %(owner)s, %(opened_at)s, %(due_at)s)
ON CONFLICT (tenant, code, subject_kind, subject_key) WHERE state = 'open'
DO UPDATE SET sentence = excluded.sentence, remedy = excluded.remedy, detail = excluded.detail,
    revision = excluded.revision;

-- name: resolve_entries
-- purpose: Close the open items of entries that went on, were replaced or were recalled.
UPDATE hourline.exception_item
SET state = 'resolved', resolved_at = %(at)s, resolution = %(resolution)s
WHERE state = 'open' AND entry_no = ANY(%(entry_nos)s) AND code <> ALL(%(keep_codes)s);

-- name: resolve_subject
-- purpose: Close the open items of a subject that is no longer a problem.
UPDATE hourline.exception_item
SET state = 'resolved', resolved_at = %(at)s, resolution = %(resolution)s
WHERE state = 'open' AND subject_kind = %(subject_kind)s AND subject_key = %(subject_key)s
  AND code <> ALL(%(keep_codes)s);

-- name: resolve_item
-- purpose: Close one open item by a person's decision.
UPDATE hourline.exception_item
SET state = 'resolved', resolved_at = %(at)s, resolution = %(resolution)s
WHERE state = 'open' AND item_no = %(item_no)s;

-- name: items
-- purpose: Items of a state, most urgent first, optionally of one queue, code or entry.
SELECT item_no, queue, code, subject_kind, subject_key, entry_no, revision, sentence, remedy, detail,
       owner, state, opened_at, due_at, resolved_at, resolution
FROM hourline.exception_item
WHERE state = %(state)s
  AND (%(queue)s::text IS NULL OR queue = %(queue)s)
  AND (%(code)s::text IS NULL OR code = %(code)s)
  AND (%(entry_no)s::bigint IS NULL OR entry_no = %(entry_no)s)
ORDER BY due_at, item_no
LIMIT %(limit)s;

-- name: item
-- purpose: One item, whatever its state.
SELECT item_no, queue, code, subject_kind, subject_key, entry_no, revision, sentence, remedy, detail,
       owner, state, opened_at, due_at, resolved_at, resolution
FROM hourline.exception_item WHERE item_no = %(item_no)s;

-- name: queue_counts
-- purpose: Open items per queue and code, with their owner and the earliest due time.
SELECT queue, code, owner, count(*)::integer AS items, min(due_at) AS due_at
FROM hourline.exception_item WHERE state = 'open'
GROUP BY queue, code, owner ORDER BY queue, code;

-- name: resolve_subjects
-- purpose: Close the open items of many subjects at once.
UPDATE hourline.exception_item
SET state = 'resolved', resolved_at = %(at)s, resolution = %(resolution)s
WHERE state = 'open' AND (subject_kind, subject_key) IN
    (SELECT * FROM unnest(%(subject_kinds)s::text[], %(subject_keys)s::text[]));

-- name: waiting_entries
-- purpose: Entries not decided yet in a state, with what they lack and since when.
SELECT e.source_id, v.worked_seconds, p.since, p.problems
FROM hourline.pending_entry p
JOIN hourline.time_entry e ON e.tenant = p.tenant AND e.entry_no = p.entry_no
JOIN hourline.time_entry_version v ON v.tenant = p.tenant AND v.entry_no = p.entry_no AND v.revision = p.revision
WHERE p.state = %(state)s ORDER BY p.since, p.entry_no LIMIT %(limit)s;
