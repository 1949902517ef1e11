-- name: lent_without_transfer
-- purpose: Charge a second more than was worked.
UPDATE hourline.transfer SET seconds = seconds + 1 WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: ic_accrual_differs_from_open_transfers
-- purpose: Accrue a cent more in the ledger than the transfer is of.
UPDATE hourline.journal_line SET amount = amount + 1
WHERE tenant = %(tenant)s AND cause = 1 AND cause_no = %(entry_no)s AND effect = 8;

-- name: ic_line_differs_from_transfer
-- purpose: Invoice a second more than was charged.
UPDATE hourline.intercompany_line SET seconds = seconds + 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s AND NOT mirrored;

-- name: ic_invoice_differs_from_lines
-- purpose: Let a line be taxed a cent more than its head says.
UPDATE hourline.intercompany_line SET tax = tax + 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s AND NOT mirrored;

-- name: ic_invoice_differs_from_ledger
-- purpose: Book a penny more in the lender's books than its invoice is of.
UPDATE hourline.journal_line j SET entity_amount = entity_amount + 1
FROM hourline.intercompany_line l
WHERE j.tenant = %(tenant)s AND l.tenant = j.tenant AND l.entry_no = %(entry_no)s AND NOT l.mirrored
  AND j.cause = 25 AND j.cause_no = l.document_no AND j.part = l.line_no AND j.effect = 10;

-- name: ic_receivable_differs_from_payable
-- purpose: Book a cent of a receivable between entities that no invoice is of.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
     credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, cause, cause_no, cause_revision, 99, effect, mirror, entity_no, contract_no, project_no, person_no, 14, 20,
       currency, 1, entity_currency, 1, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = 1 AND cause_no = %(entry_no)s AND effect = 8;

-- name: taken_back_though_it_counts
-- purpose: Forget that a revision was recalled which was taken back.
DELETE FROM hourline.supersession WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: untaxed_work_that_keeps_tax
-- purpose: Say of a line without tax that a cent of its tax is cost.
UPDATE hourline.intercompany_line SET cost_tax = 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s AND NOT mirrored;
