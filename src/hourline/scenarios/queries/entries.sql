-- name: entry_in_force
-- purpose: The newest revision of an entry, whether it was recalled or waits, also at an entry lock, and what was decided of it.
SELECT e.entry_no, v.revision, v.revision IS NULL AND NOT k.kept OR r.revision IS NOT NULL AS recalled,
       CASE WHEN v.revision IS NULL AND k.kept THEN %(exception)s ELSE p.state END AS pending,
       d.revision IS NOT NULL AS decided, d.accounting_date, coalesce(d.late, false) AS late,
       d.work_date, d.bill_rate_no, coalesce(d.change_no, 0) AS change_no,
       CASE WHEN d.revision IS NOT NULL THEN v.price END AS price
FROM hourline.time_entry e
LEFT JOIN LATERAL (
    SELECT revision, price FROM hourline.time_entry_version
    WHERE tenant = e.tenant AND entry_no = e.entry_no ORDER BY revision DESC LIMIT 1
) v ON true
LEFT JOIN LATERAL (
    SELECT revision FROM hourline.time_entry_recall
    WHERE tenant = e.tenant AND entry_no = e.entry_no AND revision >= v.revision LIMIT 1
) r ON true
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM hourline.kept_record
                   WHERE tenant = e.tenant AND entry_no = e.entry_no AND settled_at IS NULL) AS kept
) k
LEFT JOIN hourline.pending_entry p
    ON p.tenant = e.tenant AND p.entry_no = e.entry_no AND p.revision = v.revision
LEFT JOIN hourline.decision d
    ON d.tenant = e.tenant AND d.entry_no = e.entry_no AND d.revision = v.revision
WHERE e.source_id = %(source_id)s;

-- name: portions_in_force
-- purpose: The portions of a decided revision by the fate they have now.
SELECT fate, seconds, amount, currency FROM hourline.portion_part
WHERE entry_no = %(entry_no)s AND revision = %(revision)s;

-- name: late_entries
-- purpose: The source ids of the late entries in force.
SELECT e.source_id
FROM hourline.decision d
JOIN hourline.time_entry e ON e.tenant = d.tenant AND e.entry_no = d.entry_no
LEFT JOIN hourline.supersession s
    ON s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision
WHERE d.late AND s.revision IS NULL
ORDER BY e.source_id;

-- name: rate_as_published
-- purpose: What a bill rate said for a day, as known at a change.
SELECT (content ->> 'rate')::numeric FROM hourline.master_version
WHERE master_no = %(master_no)s AND change_no <= %(change_no)s AND effective_from <= %(day)s
ORDER BY change_no DESC LIMIT 1;

-- name: source_id
-- purpose: What the source calls an entry.
SELECT source_id FROM hourline.time_entry WHERE entry_no = %(entry_no)s;
