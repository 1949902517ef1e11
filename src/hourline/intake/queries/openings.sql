-- name: recall_openings
-- purpose: Withdraw the approval of work that was taken over, by the record it came with.
INSERT INTO hourline.time_entry_recall (entry_no, revision, delivery_no, position, recorded_at)
SELECT v.entry_no, v.revision, v.delivery_no, v.position, %(recorded_at)s
FROM hourline.time_entry_version v
JOIN unnest(%(entry_nos)s::bigint[], %(revisions)s::integer[]) AS ended (entry_no, revision)
    USING (entry_no, revision)
