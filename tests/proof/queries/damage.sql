-- name: entries_without_fate
-- purpose: Forget that an entry waits.
DELETE FROM hourline.pending_entry WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: worked_differs_from_portions
-- purpose: Let a decision say a second more than its portions.
UPDATE hourline.decision SET worked_seconds = worked_seconds + 1
WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

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
-- purpose: Book a cent more than a position brought along.
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
