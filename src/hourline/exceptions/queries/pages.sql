-- name: items_after
-- purpose: Items of a state after a place in their order, most urgent first, optionally of one queue or code.
SELECT item_no, queue, code, subject_kind, subject_key, entry_no, revision, sentence, remedy, detail,
       owner, state, opened_at, due_at, resolved_at, resolution
FROM hourline.exception_item
WHERE state = %(state)s
  AND (%(queue)s::text IS NULL OR queue = %(queue)s)
  AND (%(code)s::text IS NULL OR code = %(code)s)
  AND (%(after_due_at)s::timestamptz IS NULL OR (due_at, item_no) > (%(after_due_at)s, %(after_item_no)s))
ORDER BY due_at, item_no
LIMIT %(limit)s;
