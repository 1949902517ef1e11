-- name: day_roundings
-- purpose: What the rounding of its person's day made of a revision, in the order it did.
SELECT r.act_no, r.part, i.id AS time_rounding, r.time_rounding_no, d.work_date, d.entity_no, r.seconds_before,
       r.seconds_after, r.day_worked_seconds, r.day_billable_seconds, r.change_no,
       lead(r.part, 1, 32767::smallint) OVER (ORDER BY r.act_no) AS next_part
FROM hourline.day_rounding r
JOIN hourline.decision d ON d.tenant = r.tenant AND d.entry_no = r.entry_no AND d.revision = r.revision
JOIN hourline.master_identity i ON i.tenant = r.tenant AND i.master_no = r.time_rounding_no
WHERE r.entry_no = %(entry_no)s AND r.revision = %(revision)s ORDER BY r.act_no;

-- name: parts_of_day
-- purpose: The portions that the rounding of its person's day made of a revision.
SELECT p.part, p.fate, p.seconds, p.rate_amount, p.rate_seconds, p.currency, p.amount
FROM hourline.portion p
WHERE p.entry_no = %(entry_no)s AND p.revision = %(revision)s
  AND EXISTS (SELECT FROM hourline.day_rounding r WHERE r.tenant = p.tenant AND r.entry_no = p.entry_no
              AND r.revision = p.revision AND r.part <= p.part)
ORDER BY p.part;

-- name: allotments
-- purpose: What of a revision became prepaid or over a limit, or no longer is, with the blocks and limits that say so.
SELECT a.allotment_no, a.part, p.seconds = 0 AS is_expense, a.contract_no, p.contract_line_no, d.work_date AS dated, a.prepaid,
       a.over_line_day, a.over_contract_day, a.over_line_month, a.over_line_customer, a.over_line, a.over_contract_month,
       a.over_contract_customer, a.over_contract,
       a.amount_prepaid, a.amount_over, p.currency, c.id AS contract, l.id AS contract_line, a.change_no,
       ARRAY(SELECT i.id FROM hourline.block_use u
             JOIN hourline.master_identity i ON i.tenant = u.tenant AND i.master_no = u.block_no
             WHERE u.tenant = a.tenant AND u.allotment_no = a.allotment_no ORDER BY u.block_no) AS blocks,
       ARRAY(SELECT u.seconds FROM hourline.block_use u
             WHERE u.tenant = a.tenant AND u.allotment_no = a.allotment_no ORDER BY u.block_no) AS block_seconds
FROM hourline.allotment_act a
JOIN hourline.portion p ON p.tenant = a.tenant AND p.entry_no = a.entry_no AND p.revision = a.revision AND p.part = a.part
JOIN hourline.decision d ON d.tenant = a.tenant AND d.entry_no = a.entry_no AND d.revision = a.revision
JOIN hourline.master_identity c ON c.tenant = a.tenant AND c.master_no = a.contract_no
JOIN hourline.master_identity l ON l.tenant = p.tenant AND l.master_no = p.contract_line_no
WHERE a.entry_no = %(entry_no)s AND a.revision = %(revision)s ORDER BY a.allotment_no;

-- name: allotted_now
-- purpose: What of a revision's parts is prepaid and over a limit now, as it is kept for billing.
SELECT b.part, b.amount_prepaid, b.amount_over_limit FROM hourline.billed_portion b
WHERE b.entry_no = %(entry_no)s AND b.revision = %(revision)s ORDER BY b.part;

-- name: stored_transfer
-- purpose: The transfer price of a revision as it is stored, by column.
SELECT to_jsonb(t) FROM hourline.transfer t WHERE t.entry_no = %(entry_no)s AND t.revision = %(revision)s;

-- name: stored_cross_charge
-- purpose: What a department charges for a revision as it is stored, by column.
SELECT to_jsonb(x) FROM hourline.cross_charge x WHERE x.entry_no = %(entry_no)s AND x.revision = %(revision)s;

-- name: cost_corrections
-- purpose: What the cost of a revision was corrected to by later terms, with the days it was booked on when it was decided.
SELECT c.correction_no, c.entity_no, rate.id AS cost_rate, c.cost_before, c.cost_after, c.accounting_date, c.change_no,
       c.actor, c.reason, c.proposal_no, d.accounting_date - date '1970-01-01' AS own_day,
       t.lender_date - date '1970-01-01' AS lending_day
FROM hourline.cost_correction c
JOIN hourline.decision d ON d.tenant = c.tenant AND d.entry_no = c.entry_no AND d.revision = c.revision
LEFT JOIN hourline.transfer t ON t.tenant = c.tenant AND t.entry_no = c.entry_no AND t.revision = c.revision
LEFT JOIN hourline.master_identity rate ON rate.tenant = c.tenant AND rate.master_no = c.cost_rate_no
WHERE c.entry_no = %(entry_no)s AND c.revision = %(revision)s ORDER BY c.correction_no;

-- name: intercompany_lines
-- purpose: The lines of intercompany invoices that charge a revision, or take it back.
SELECT i.number, i.invoice_date, lender.id AS lender, borrower.id AS borrower, l.line_no, l.mirrored, l.seconds, l.net, l.tax, l.cost_tax,
       i.currency, i.change_no, i.lender_date, i.lender_currency, i.borrower_date, i.borrower_currency, l.lender_net, l.borrower_net,
       a.connection AS tax_engine, a.reference AS tax_reference
FROM hourline.intercompany_line l
JOIN hourline.intercompany_invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
LEFT JOIN hourline.intercompany_tax_answer_use u
    ON u.tenant = l.tenant AND u.document_no = l.document_no AND NOT l.mirrored
LEFT JOIN hourline.intercompany_tax_answer a ON a.tenant = u.tenant AND a.question = u.question
JOIN hourline.master_identity lender ON lender.tenant = i.tenant AND lender.master_no = i.lender_no
JOIN hourline.master_identity borrower ON borrower.tenant = i.tenant AND borrower.master_no = i.borrower_no
WHERE l.entry_no = %(entry_no)s AND l.revision = %(revision)s ORDER BY l.document_no, l.line_no;

-- name: drawdowns
-- purpose: What the invoices a revision, or an amount of a contract line, is on drew of retainers, or a credit note gave back to them.
SELECT i.number, r.number AS retainer, c.number AS credit_note, d.gross, d.net, d.tax, i.currency
FROM hourline.drawdown d
JOIN hourline.invoice i ON i.tenant = d.tenant AND i.document_no = d.document_no
JOIN hourline.invoice r ON r.tenant = d.tenant AND r.document_no = d.retainer_document_no
LEFT JOIN hourline.invoice c ON c.tenant = d.tenant AND c.document_no = d.credit_note_no
WHERE d.document_no IN (SELECT l.document_no FROM hourline.invoice_line l
                        WHERE (l.entry_no = %(entry_no)s::bigint AND l.revision = %(revision)s::integer)
                           OR (l.contract_line_no = %(contract_line_no)s::integer AND l.milestone = %(milestone)s::text))
ORDER BY d.drawdown_no;

-- name: withheld_lines
-- purpose: The invoice lines of a revision, or of an amount of a contract line, of which something is withheld, and credit lines that gave some of it back.
SELECT i.number, l.line_no, (l.net + l.tax) AS gross, l.retained, l.retained_exact, o.number AS credits, i.currency
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
LEFT JOIN hourline.invoice o ON o.tenant = l.tenant AND o.document_no = l.credits_document_no
WHERE ((l.entry_no = %(entry_no)s::bigint AND l.revision = %(revision)s::integer)
       OR (l.contract_line_no = %(contract_line_no)s::integer AND l.milestone = %(milestone)s::text)) AND l.retained <> 0
ORDER BY l.document_no, l.line_no;

-- name: revenue_of_line
-- purpose: What runs of recognition found of the contract line of covered work, from its work date on, the newest last.
SELECT v.through, v.method, v.price, v.done, v.whole, v.earned_numerator::text AS numerator,
       v.earned_denominator::text AS denominator, v.earned, v.amount, v.currency, v.entity_currency, d.entity_no,
       i.id AS contract_line
FROM hourline.decision d
JOIN hourline.revenue_recognised v ON v.tenant = d.tenant AND v.contract_line_no = d.contract_line_no
JOIN hourline.master_identity i ON i.tenant = d.tenant AND i.master_no = d.contract_line_no
WHERE d.entry_no = %(entry_no)s AND d.revision = %(revision)s AND v.through >= d.work_date
ORDER BY v.recognition_no DESC LIMIT %(limit)s;

-- name: provisions_of_contract
-- purpose: What runs provided for the contract of a revision, from its work date on, if it is work of a line with an estimate, the newest last.
SELECT i.id AS contract, o.through, o.cost_left, o.revenue_left, o.realised, o.provision, o.used, o.amount, o.entity_currency
FROM hourline.decision d
JOIN hourline.onerous_provision o ON o.tenant = d.tenant AND o.contract_no = d.contract_no
JOIN hourline.onerous_line f ON f.tenant = o.tenant AND f.provision_no = o.provision_no AND f.contract_line_no = d.contract_line_no
JOIN hourline.master_identity i ON i.tenant = d.tenant AND i.master_no = d.contract_no
WHERE d.entry_no = %(entry_no)s AND d.revision = %(revision)s AND o.through >= d.work_date
ORDER BY o.provision_no DESC LIMIT %(limit)s;

-- name: expense_stated
-- purpose: The expense that a revision is as it was approved, and its exact worth and input tax as they are stored.
SELECT v.work_date AS spent_on, x.cost, x.currency, x.markup_ppm, x.tax, x.recoverable,
       coalesce(w.recovered_ppm, x.recoverable_ppm) AS recoverable_ppm,
       CASE WHEN w.recovered_ppm IS NULL THEN x.recovered_tax
            ELSE floor((x.tax::numeric * w.recovered_ppm * 2 + 1000000) / 2000000)::bigint END AS recovered_tax,
       r.id AS recovery_row, w.worth_numerator, w.worth_denominator, w.input_tax
FROM hourline.expense_version x
JOIN hourline.time_entry_version v ON v.tenant = x.tenant AND v.entry_no = x.entry_no AND v.revision = x.revision
LEFT JOIN hourline.priced_expense w ON w.tenant = x.tenant AND w.entry_no = x.entry_no AND w.revision = x.revision
LEFT JOIN hourline.master_identity r ON r.tenant = w.tenant AND r.master_no = w.recovery_rule_no
WHERE x.entry_no = %(entry_no)s AND x.revision = %(revision)s;

-- name: accrued_parts
-- purpose: What the portions of a revision accrued in the books of the contract's entity when it was decided.
SELECT j.part, j.entity_amount FROM hourline.journal_line j
WHERE j.cause = %(cause_entry)s AND j.cause_no = %(entry_no)s AND j.cause_revision = %(revision)s AND NOT j.mirror
  AND j.effect = %(effect_accrual)s;
