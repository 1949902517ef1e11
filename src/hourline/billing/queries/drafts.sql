-- name: put_draft
-- purpose: Open the draft of a contract, or give the open one new terms.
INSERT INTO hourline.billing_draft (contract_no, through, invoice_date)
VALUES (%(contract_no)s, %(through)s, %(invoice_date)s)
ON CONFLICT (tenant, contract_no) DO UPDATE
SET through = excluded.through, invoice_date = excluded.invoice_date, opened_at = now()

-- name: draft
-- purpose: The terms of a contract's open draft.
SELECT contract_no, through, invoice_date FROM hourline.billing_draft WHERE contract_no = %(contract_no)s

-- name: drafts_of
-- purpose: Which of these contracts have an open draft.
SELECT contract_no FROM hourline.billing_draft WHERE contract_no = ANY(%(contract_nos)s::integer[]) ORDER BY 1

-- name: drop_draft
-- purpose: Close a contract's draft; its lines were never stored.
DELETE FROM hourline.billing_draft WHERE contract_no = %(contract_no)s
