-- name: exception_routes
-- purpose: The rows that hold on a day and say who owns exceptions; of a row the version recorded last that has begun counts.
SELECT i.id, latest.content, entity.id AS entity
FROM hourline.master_identity i
JOIN LATERAL (
    SELECT v.content, v.effective_until, v.withdrawn FROM hourline.master_version v
    WHERE v.tenant = i.tenant AND v.master_no = i.master_no AND v.effective_from <= %(on)s
    ORDER BY v.change_no DESC LIMIT 1
) latest ON true
LEFT JOIN hourline.master_identity named ON named.master_no = (latest.content ->> 'entity')::integer
LEFT JOIN hourline.master_identity entity ON entity.master_no = coalesce(named.merged_into, named.master_no)
WHERE i.kind = 'exception_route' AND i.merged_into IS NULL
  AND NOT latest.withdrawn AND latest.effective_until > %(on)s
ORDER BY i.master_no;
