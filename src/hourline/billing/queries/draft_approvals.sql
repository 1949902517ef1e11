-- name: add_draft_approval
-- purpose: Record that somebody approved what the draft of a contract holds.
INSERT INTO hourline.draft_approval (contract_no, fingerprint, approver)
VALUES (%(contract_no)s, %(fingerprint)s, %(approver)s)
RETURNING approval_no

-- name: draft_approvals
-- purpose: The approvals of a contract's drafts that no invoice was issued by, the newest first, and whether each is of the open draft.
SELECT a.approval_no, a.fingerprint, a.approver, a.approved_at, coalesce(a.approved_at >= d.opened_at, false) AS is_of_draft
FROM hourline.draft_approval a
LEFT JOIN hourline.billing_draft d ON d.tenant = a.tenant AND d.contract_no = a.contract_no
WHERE a.contract_no = %(contract_no)s
  AND NOT EXISTS (SELECT FROM hourline.approved_invoice i WHERE i.tenant = a.tenant AND i.approval_no = a.approval_no)
ORDER BY a.approval_no DESC

-- name: use_draft_approval
-- purpose: Record which invoices were issued as approved.
INSERT INTO hourline.approved_invoice (document_no, approval_no)
SELECT document_no, %(approval_no)s FROM unnest(%(document_nos)s::bigint[]) AS wanted (document_no)

-- name: open_drafts
-- purpose: The contracts with an open draft.
SELECT contract_no FROM hourline.billing_draft ORDER BY contract_no

-- name: approver_of_invoice
-- purpose: Who approved the draft an invoice was issued from, or a credit note, and when.
SELECT a.approver, a.approved_at FROM hourline.approved_invoice i
JOIN hourline.draft_approval a ON a.tenant = i.tenant AND a.approval_no = i.approval_no
WHERE i.document_no = %(document_no)s
UNION ALL
SELECT approver, approved_at FROM hourline.approved_credit WHERE document_no = %(document_no)s
