-- name: invoices_by_customer
-- purpose: How many invoices each customer got and their net, in minor units.
SELECT i.id, coalesce(v.content ->> 'name', ''), count(*)::integer, sum(d.net)::bigint, min(d.currency)::integer
FROM hourline.invoice d
JOIN hourline.master_identity i ON i.tenant = d.tenant AND i.master_no = d.customer_no
LEFT JOIN LATERAL (SELECT content FROM hourline.master_version v
                   WHERE v.tenant = i.tenant AND v.master_no = i.master_no
                   ORDER BY change_no DESC LIMIT 1) v ON true
WHERE d.kind = %(invoice)s
GROUP BY 1, 2 ORDER BY length(i.id), 1;

-- name: count_versions
-- purpose: How many revisions of time entries there are.
SELECT count(*)::bigint FROM hourline.time_entry_version;
