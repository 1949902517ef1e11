-- name: entries_without_fate
-- purpose: Forget that an entry waits.
DELETE FROM hourline.pending_entry WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: redecided_otherwise
-- purpose: Say of a correction that it is the revision before, decided anew.
INSERT INTO hourline.redecision (tenant, entry_no, revision, kind, actor, reason, recorded_at)
VALUES (%(tenant)s, %(entry_no)s, 2, 2, 'x', 'x', now());

-- name: redecided_without_approval
-- purpose: Say of an entry that two people agreed to price it anew, though it was not.
WITH agreed AS (
    INSERT INTO hourline.proposal
        (tenant, action, content, content_hash, reason, proposer, proposed_at, expires_at, state, approver, decided_at)
    VALUES (%(tenant)s, 'work.correct', '{"act": "reprice"}', decode(repeat('00', 32), 'hex'), 'x', 'x', now(), now(), 'approved', 'y', now())
    RETURNING proposal_no)
INSERT INTO hourline.bulk_item (tenant, proposal_no, entry_no, figures, state, settled_at)
SELECT %(tenant)s, proposal_no, %(entry_no)s, '{}', 'applied', now() FROM agreed;

-- name: parts_differ_from_whole
-- purpose: Count an entry as a part of itself, too.
INSERT INTO hourline.entry_part (tenant, entry_no, of_entry_no) VALUES (%(tenant)s, %(entry_no)s, %(entry_no)s);

-- name: worked_differs_from_portions
-- purpose: Let a decision say a second more than its portions.
UPDATE hourline.decision SET worked_seconds = worked_seconds + 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: sold_differs_from_rounding
-- purpose: Say that the rounding of a day made an entry bill a second more than it does.
INSERT INTO hourline.day_rounding
    (tenant, entry_no, revision, part, time_rounding_no, seconds_before, seconds_after, uplift_change,
     day_worked_seconds, day_billable_seconds, change_no, recorded_at)
VALUES (%(tenant)s, %(entry_no)s, 1, 1, 1, 3600, 3601, 0, 3600, 3601, 1, now());

-- name: billed_twice_or_uncounted
-- purpose: Count a second less than is billed.
UPDATE hourline.billed_portion SET seconds_billed = seconds_billed - 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: given_up_without_act
-- purpose: Write a second off that nobody decided on.
INSERT INTO hourline.billed_portion
    (tenant, entry_no, revision, part, seconds, seconds_billed, live_lines, seconds_written_off)
SELECT tenant, entry_no, revision, part, seconds, 0, 0, 1 FROM hourline.portion
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: held_without_act
-- purpose: Forget that somebody held an entry.
INSERT INTO hourline.review_act (tenant, kind, entry_no, actor, reason) VALUES (%(tenant)s, 1, %(entry_no)s, 'x', 'x');

-- name: replaced_but_billed
-- purpose: Replace a billed revision without a credit.
INSERT INTO hourline.supersession (tenant, entry_no, revision) VALUES (%(tenant)s, %(entry_no)s, 1);

-- name: accrual_differs_from_open_work
-- purpose: Take a cent off an accrual in the ledger.
UPDATE hourline.journal_line SET amount = amount - 1
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(accrual)s;

-- name: cost_differs_from_decisions
-- purpose: Let a decision cost a cent more than the ledger has.
UPDATE hourline.decision SET cost_amount = cost_amount + 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: expenses_differ_from_decisions
-- purpose: Book a cent of an expense that nobody decided.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
     credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, cause, cause_no, cause_revision, 99, effect, mirror, entity_no, contract_no, project_no, person_no,
       %(expense_cost)s, %(expense_clearing)s, currency, 1, entity_currency, 1, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(cost)s;

-- name: input_tax_differs_from_decisions
-- purpose: Book a cent of input tax that nobody decided.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
     credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, cause, cause_no, cause_revision, 99, effect, mirror, entity_no, contract_no, project_no, person_no,
       %(input_tax)s, %(expense_clearing)s, currency, 1, entity_currency, 1, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(cost)s;

-- name: revaluation_differs_from_ledger
-- purpose: Reverse a cent of a revaluation that never was.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
     credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, %(cause_revaluation)s, cause_no, 0, 1, effect, mirror, entity_no, contract_no, project_no, person_no,
       %(receivable)s, %(fx_gain_loss)s, currency, 0, entity_currency, 1, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(cost)s;

-- name: vendor_match_differs_from_ledger
-- purpose: Owe a vendor a cent for which nothing was matched.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
     credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, %(cause_vendor_match)s, cause_no, 0, 0, effect, mirror, entity_no, contract_no, project_no, person_no,
       %(receivable)s, %(vendor_payable)s, currency, 1, entity_currency, 1, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(cost)s;

-- name: matched_but_replaced
-- purpose: Record a match of an hour's time, at no price, that no entry belongs to.
WITH booked AS (
    INSERT INTO hourline.journal_line
        (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
         credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
    SELECT tenant, %(cause_vendor_match)s, cause_no, 0, 0, effect, mirror, entity_no, contract_no, project_no, person_no,
           credit, %(vendor_payable)s, currency, 10000, entity_currency, 10000, accounting_date, document_date, recorded_at
    FROM hourline.journal_line
    WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(cost)s
    RETURNING entity_no
)
INSERT INTO hourline.vendor_match (tenant, match_no, bill_no, line_no, entity_no, seconds, cost, billed)
SELECT %(tenant)s, %(entry_no)s, 1, 1, entity_no, 3600, 10000, 10000 FROM booked;

-- name: document_differs_from_lines
-- purpose: Let a line of an invoice be taxed a cent more than its head says.
UPDATE hourline.invoice_line SET tax = tax + 1
WHERE tenant = %(tenant)s AND line_no = 1 AND document_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = %(number)s);

-- name: document_differs_from_ledger
-- purpose: Book a cent more tax than an invoice has.
UPDATE hourline.journal_line SET amount = amount + 1
WHERE tenant = %(tenant)s AND effect = %(tax)s AND cause_no = (
    SELECT document_no FROM hourline.invoice WHERE tenant = %(tenant)s AND number = %(number)s);

-- name: journal_differs_from_members
-- purpose: Let a journal be a cent more than the lines on it.
UPDATE hourline.journal SET total = total + 1
WHERE tenant = %(tenant)s AND journal_no = (
    SELECT min(journal_no) FROM hourline.journal WHERE tenant = %(tenant)s);

-- name: sent_though_offset
-- purpose: Say that a line and its mirror cancelled out unsent, though the line is on a journal.
WITH line AS (
    SELECT m.connection_no, l.line_no FROM hourline.journal_member m
    JOIN hourline.journal_line l ON l.tenant = m.tenant AND l.line_no = m.line_no
    WHERE m.tenant = %(tenant)s AND l.cause = 1 AND l.cause_no = %(entry_no)s ORDER BY l.line_no LIMIT 1
), mirror AS (
    INSERT INTO hourline.journal_line (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no,
        contract_no, project_no, person_no, debit, credit, currency, amount, entity_currency, entity_amount,
        accounting_date, document_date, recorded_at)
    SELECT l.tenant, cause, cause_no, cause_revision, part, effect, true, entity_no, contract_no, project_no, person_no,
           credit, debit, currency, 0, entity_currency, entity_amount, accounting_date, document_date, recorded_at
    FROM hourline.journal_line l JOIN line USING (line_no) WHERE l.tenant = %(tenant)s RETURNING line_no
)
INSERT INTO hourline.journal_offset (tenant, connection_no, line_no, mirror_line_no)
SELECT %(tenant)s, line.connection_no, line.line_no, mirror.line_no FROM line, mirror;

-- name: opening_differs_from_ledger
-- purpose: Book a cent more than a position brought along, and let its contract's position say so too.
WITH position AS (
    UPDATE hourline.position_change SET entity_amount = entity_amount + 1
    WHERE tenant = %(tenant)s AND cause = %(cause_opening)s
)
UPDATE hourline.journal_line SET entity_amount = entity_amount + 1
WHERE tenant = %(tenant)s AND effect = %(opening)s;

-- name: opening_sent_twice
-- purpose: Put a balance the ERP was opened with on a journal.
WITH line AS (
    SELECT line_no, entity_amount FROM hourline.journal_line WHERE tenant = %(tenant)s AND effect = %(opening)s
), longer AS (
    UPDATE hourline.journal SET total = total + line.entity_amount FROM line
    WHERE tenant = %(tenant)s AND journal_no = (SELECT min(journal_no) FROM hourline.journal WHERE tenant = %(tenant)s)
    RETURNING journal_no, connection_no
)
INSERT INTO hourline.journal_member (tenant, connection_no, line_no, journal_no)
SELECT %(tenant)s, longer.connection_no, line.line_no, longer.journal_no FROM line CROSS JOIN longer;

-- name: rulebook_without_approval
-- purpose: Record a rulebook that nobody has approved yet.
WITH content AS (
    INSERT INTO hourline.rulebook_content (tenant, content_hash, content)
    VALUES (%(tenant)s, sha256(''), '{}') RETURNING content_hash
), waiting AS (
    INSERT INTO hourline.proposal (tenant, action, content, content_hash, reason, proposer, expires_at)
    VALUES (%(tenant)s, 'rulebook.publish', '{}', sha256(''), 'new year', 'ines', now()) RETURNING proposal_no
)
INSERT INTO hourline.rulebook_version (tenant, version_no, draft_hash, content_hash, effective_on, proposal_no, reason,
                                       proposer, approver, first_change_no, change_no)
SELECT %(tenant)s, 1, content_hash, content_hash, '2025-04-01', proposal_no, 'new year', 'ines', 'otto', 1, 1
FROM content, waiting;

-- name: billing_forgotten
-- purpose: Forget that a portion is billed at all.
DELETE FROM hourline.billed_portion WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: price_of_a_line_changed
-- purpose: Bill a dollar more for a line, in the line, the head and the ledger alike.
WITH line AS (
    UPDATE hourline.invoice_line SET net = net + 100
    WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s RETURNING document_no, line_no
), head AS (
    UPDATE hourline.invoice i SET net = net + 100, total = total + 100
    FROM line WHERE i.tenant = %(tenant)s AND i.document_no = line.document_no
)
UPDATE hourline.journal_line j SET amount = amount + 100, entity_amount = entity_amount + 100
FROM line WHERE j.tenant = %(tenant)s AND j.cause_no = line.document_no AND j.part = line.line_no
  AND j.effect = %(sale)s;

-- name: position_differs_from_documents
-- purpose: Put a cent less of an invoice line into its contract's position.
UPDATE hourline.position_change SET amount = amount - 1
WHERE tenant = %(tenant)s AND cause = %(invoice)s AND part = 1;

-- name: position_differs_from_ledger
-- purpose: Say that a line was worth a cent more in the books.
UPDATE hourline.position_change SET entity_residue = entity_residue + 1
WHERE tenant = %(tenant)s AND cause = %(invoice)s AND part = 1;

-- name: asset_and_liability_open
-- purpose: Open a contract asset beside the liability.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, debit, credit, currency, amount,
     entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, cause, cause_no, cause_revision, 99, %(recognition)s, mirror, entity_no, contract_no, %(asset)s,
       %(liability)s, currency, 1, entity_currency, 0, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = %(invoice)s AND part = 1;

-- name: revenue_differs_from_recognition
-- purpose: Book a cent of revenue that was never recognised.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, debit, credit, currency, amount,
     entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, cause, cause_no, cause_revision, 99, effect, mirror, entity_no, contract_no, %(cash)s, credit, currency, 1,
       entity_currency, 0, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = %(recognised)s AND part = 0 AND cause_no = (
    SELECT min(recognition_no) FROM hourline.revenue_recognised WHERE tenant = %(tenant)s);

-- name: earned_differs_from_figures
-- purpose: Let a day more be over than the earnings say.
UPDATE hourline.revenue_recognised SET done = done + 1
WHERE tenant = %(tenant)s AND recognition_no = (
    SELECT min(recognition_no) FROM hourline.revenue_recognised WHERE tenant = %(tenant)s);

-- name: fee_differs_from_days
-- purpose: Say that a month's fee was higher than it was billed at.
UPDATE hourline.recurring_month SET monthly_amount = monthly_amount + 500 WHERE tenant = %(tenant)s;
-- name: allotted_without_act
-- purpose: Put a second over a limit that no act says.
INSERT INTO hourline.billed_portion
    (tenant, entry_no, revision, part, seconds, seconds_billed, live_lines, seconds_over_limit)
SELECT tenant, entry_no, revision, part, seconds, 0, 0, 1 FROM hourline.portion
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: replaced_but_allotted
-- purpose: Put a second of a replaced revision over a limit.
WITH act AS (
    INSERT INTO hourline.allotment_act
        (tenant, contract_no, entry_no, revision, part, prepaid, over_line, over_contract, amount_prepaid, amount_over,
         accrual_reversed, change_no)
    SELECT tenant, contract_no, entry_no, revision, part, 0, 0, 1, 0, 0, 0, 1 FROM hourline.portion
    WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s AND revision = 1
)
UPDATE hourline.billed_portion SET seconds_over_limit = 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s AND revision = 1;

-- name: invoiced_above_limit
-- purpose: Let a contract say a limit below what is invoiced.
INSERT INTO hourline.master_version (tenant, master_no, effective_from, effective_until, content)
SELECT v.tenant, v.master_no, v.effective_from, v.effective_until, v.content || '{"limit": "600"}'
FROM hourline.master_version v
JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
WHERE v.tenant = %(tenant)s AND i.kind = 'contract';

-- name: invoiced_above_span_limit
-- purpose: Let a contract say a limit of a month below what is invoiced of one.
INSERT INTO hourline.master_version (tenant, master_no, effective_from, effective_until, content)
SELECT v.tenant, v.master_no, v.effective_from, v.effective_until, v.content || '{"month_limit": "600"}'
FROM hourline.master_version v
JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
WHERE v.tenant = %(tenant)s AND i.kind = 'contract';

-- name: invoiced_above_customer_limit
-- purpose: Let the customer of a contract have a limit below what is invoiced to it.
WITH named AS (
    INSERT INTO hourline.master_identity (tenant, master_no, kind, id) VALUES (%(tenant)s, 999999, 'contract_customer', 'C1:X')
)
INSERT INTO hourline.master_version (tenant, master_no, effective_from, effective_until, content)
SELECT c.tenant, 999999, '2025-01-01', '9999-12-31',
       jsonb_build_object('contract', c.master_no, 'customer', v.content->'customer', 'share', '100', 'limit', '600')
FROM hourline.master_identity c
JOIN hourline.master_version v ON v.tenant = c.tenant AND v.master_no = c.master_no
WHERE c.tenant = %(tenant)s AND c.kind = 'contract';

-- name: block_used_up_twice
-- purpose: Use a second more of a block than it has.
WITH named AS (
    INSERT INTO hourline.master_identity (tenant, master_no, kind, id) VALUES (%(tenant)s, 999999, 'prepaid_block', 'B1')
), said AS (
    INSERT INTO hourline.master_version (tenant, master_no, effective_from, effective_until, content)
    VALUES (%(tenant)s, 999999, '2025-01-01', '2026-01-01', '{"hours": "1"}')
)
INSERT INTO hourline.block_use (tenant, allotment_no, block_no, contract_no, entry_no, revision, part, seconds)
SELECT tenant, 999999, 999999, contract_no, entry_no, revision, part, 3601 FROM hourline.portion
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: earned_without_invoice
-- purpose: Earn a cent of a block that is on no invoice.
WITH named AS (
    INSERT INTO hourline.master_identity (tenant, master_no, kind, id) VALUES (%(tenant)s, 999999, 'prepaid_block', 'B1')
), place AS (
    SELECT * FROM hourline.journal_line
    WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(accrual)s
), sold AS (
    INSERT INTO hourline.sold_block
        (tenant, contract_line_no, milestone, block_no, contract_no, entity_no, currency, description)
    SELECT tenant, 999999, 'B1', 999999, contract_no, entity_no, currency, 'x' FROM place
), earned AS (
    INSERT INTO hourline.block_earning (tenant, earning_no, block_no, contract_no, seconds_used, amount, entity_amount)
    SELECT tenant, 999999, 999999, contract_no, 1, 1, 1 FROM place
)
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
     credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, %(cause_earning)s, 999999, 0, 0, %(earning)s, false, entity_no, contract_no, NULL, NULL,
       %(contract_liability)s, %(revenue)s, currency, 1, entity_currency, 1, accounting_date, document_date, recorded_at
FROM place;

-- name: earning_differs_from_ledger
-- purpose: Earn a cent in the ledger that no block says.
INSERT INTO hourline.journal_line
    (tenant, cause, cause_no, cause_revision, part, effect, mirror, entity_no, contract_no, project_no, person_no, debit,
     credit, currency, amount, entity_currency, entity_amount, accounting_date, document_date, recorded_at)
SELECT tenant, %(cause_earning)s, 999999, 0, 0, %(earning)s, false, entity_no, contract_no, NULL, NULL,
       %(contract_liability)s, %(revenue)s, currency, 1, entity_currency, 1, accounting_date, document_date, recorded_at
FROM hourline.journal_line
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(accrual)s;
