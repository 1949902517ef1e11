-- name: parts_differ_from_whole
-- purpose: Entries that are not, with all their parts, what their source said last, in seconds or minor units of an expense; a recalled one has nothing. And parts in force that are of another record than the whole.
WITH newest AS (
    SELECT DISTINCT ON (v.entry_no) v.*, EXISTS (
        SELECT FROM hourline.time_entry_recall w
        WHERE w.tenant = v.tenant AND w.entry_no = v.entry_no AND w.revision >= v.revision) AS recalled
    FROM hourline.time_entry_version v
    WHERE v.entry_no IN (SELECT p.entry_no FROM hourline.entry_part p UNION SELECT p.of_entry_no FROM hourline.entry_part p)
    ORDER BY v.entry_no, v.revision DESC
), sized AS (
    SELECT n.entry_no, n.recalled, n.delivery_no, n.position,
           CASE WHEN n.recalled THEN 0 ELSE n.worked_seconds + coalesce(x.cost, 0) END AS size
    FROM newest n
    LEFT JOIN hourline.expense_version x ON x.tenant = n.tenant AND x.entry_no = n.entry_no AND x.revision = n.revision
), whole AS (
    SELECT w.*, CASE WHEN w.recalled THEN 0 ELSE said.size END AS stated, w.size + parts.size AS found
    FROM sized w
    CROSS JOIN LATERAL (
        SELECT v.worked_seconds + coalesce(x.cost, 0) AS size
        FROM hourline.time_entry_version v
        LEFT JOIN hourline.expense_version x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
        WHERE v.entry_no = w.entry_no AND (v.delivery_no, v.position) = (w.delivery_no, w.position)
        ORDER BY v.revision LIMIT 1) AS said
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(z.size), 0) AS size FROM hourline.entry_part p JOIN sized z ON z.entry_no = p.entry_no
        WHERE p.of_entry_no = w.entry_no) AS parts
    WHERE w.entry_no IN (SELECT p.of_entry_no FROM hourline.entry_part p)
)
SELECT e.source_id AS subject, w.stated::numeric AS expected, w.found::numeric AS found
FROM whole w
JOIN hourline.time_entry e ON e.entry_no = w.entry_no
WHERE w.stated <> w.found
UNION ALL
SELECT e.source_id, 1, 0
FROM hourline.entry_part p
JOIN sized z ON z.entry_no = p.entry_no AND NOT z.recalled
JOIN whole w ON w.entry_no = p.of_entry_no
JOIN hourline.time_entry e ON e.entry_no = p.entry_no
WHERE (z.delivery_no, z.position) <> (w.delivery_no, w.position);
