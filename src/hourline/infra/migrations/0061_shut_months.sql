-- Months that were closed or soft-closed, by when master data said so, for the checks that nothing was booked there.
-- As the reader, so that tenants stay apart.
CREATE VIEW hourline.shut_month WITH (security_invoker = true) AS
SELECT month.tenant, month.entity_no, month.ledger, month.first_day, month.is_closed, month.change_no, month.next_change_no
FROM (SELECT v.tenant, (v.content->>'entity')::integer AS entity_no, v.content->>'ledger' AS ledger,
             to_date(v.content->>'period', 'YYYY-MM') AS first_day,
             v.content->>'status' = 'closed' AS is_closed,
             v.content->>'status' = 'closed' OR coalesce((v.content->>'soft_closed')::boolean, false) AS is_shut,
             v.change_no, lead(v.change_no) OVER (PARTITION BY v.tenant, v.content->>'entity', v.content->>'period',
                                                  v.content->>'ledger' ORDER BY v.change_no) AS next_change_no
      FROM hourline.master_version v
      JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
      WHERE i.kind = 'posting_period') AS month
WHERE month.is_shut;
COMMENT ON VIEW hourline.shut_month IS 'Months of an entity''s books, or of one subledger, that were closed or soft-closed, and through which changes of master data.';
GRANT SELECT ON hourline.shut_month TO hourline_app;
