-- name: invoiced_without_approval
-- purpose: Invoices without an approval of an entity that asked for one, in the master data they were issued with; 1 is one.
SELECT i.number AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.invoice i
CROSS JOIN LATERAL (
    SELECT v.content->>'invoice_approval' = 'true' AS asks FROM hourline.master_version v
    WHERE v.master_no = i.entity_no AND v.change_no <= i.change_no
    ORDER BY v.effective_until DESC, v.change_no DESC LIMIT 1
) AS entity
WHERE i.kind = %(kind_invoice)s AND entity.asks
  AND NOT EXISTS (SELECT FROM hourline.approved_invoice a WHERE a.tenant = i.tenant AND a.document_no = i.document_no);

-- name: approval_used_elsewhere
-- purpose: Invoices issued by an approval of another contract's draft, or by one given after they were issued; contracts by number, 0 for the time.
SELECT i.number AS subject, i.contract_no::numeric AS expected,
       CASE WHEN d.contract_no <> i.contract_no THEN d.contract_no ELSE 0 END::numeric AS found
FROM hourline.approved_invoice a
JOIN hourline.invoice i ON i.tenant = a.tenant AND i.document_no = a.document_no
JOIN hourline.draft_approval d ON d.tenant = a.tenant AND d.approval_no = a.approval_no
WHERE d.contract_no <> i.contract_no OR d.approved_at > i.issued_at;

-- name: credited_without_approval
-- purpose: Credit notes without an approval of an entity that asked for one, in the master data they were issued with; 1 is one.
SELECT i.number AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.invoice i
CROSS JOIN LATERAL (
    SELECT v.content->>'credit_approval' = 'true' AS asks FROM hourline.master_version v
    WHERE v.master_no = i.entity_no AND v.change_no <= i.change_no
    ORDER BY v.effective_until DESC, v.change_no DESC LIMIT 1
) AS entity
WHERE i.kind = %(kind_credit_note)s AND entity.asks
  AND NOT EXISTS (SELECT FROM hourline.approved_credit a WHERE a.tenant = i.tenant AND a.document_no = i.document_no);
