-- name: reached_amount
-- purpose: The sum of a contract line's reached milestones other than this one.
SELECT coalesce(sum(amount), 0)::bigint FROM hourline.milestone_reached
WHERE contract_line_no = %(contract_line_no)s AND milestone <> %(milestone)s
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = milestone_reached.tenant
                  AND x.contract_line_no = milestone_reached.contract_line_no AND x.milestone = milestone_reached.milestone)

-- name: insert_milestone
-- purpose: Record that a milestone is reached, or another amount may be billed; a second report of it changes nothing.
INSERT INTO hourline.milestone_reached
    (contract_line_no, milestone, kind, contract_no, reached_on, amount, currency, tax_rule_no)
VALUES
    (%(contract_line_no)s, %(milestone)s, %(kind)s, %(contract_no)s, %(reached_on)s, %(amount)s, %(currency)s, %(tax_rule_no)s)
ON CONFLICT DO NOTHING

-- name: let_milestone_wait
-- purpose: Keep a milestone whose report was refused; a later report states its day anew.
INSERT INTO hourline.waiting_milestone (contract_line_no, milestone, reached_on, change_no)
VALUES (%(contract_line_no)s, %(milestone)s, %(reached_on)s, %(change_no)s)
ON CONFLICT (tenant, contract_line_no, milestone) DO UPDATE
SET reached_on = excluded.reached_on, change_no = excluded.change_no

-- name: waiting_milestones
-- purpose: The milestones last tried with older master data, of one contract line or all, in one order for all that try them.
SELECT contract_line_no, milestone, reached_on FROM hourline.waiting_milestone
WHERE change_no < %(older_than_change_no)s
  AND (%(contract_line_no)s::integer IS NULL OR contract_line_no = %(contract_line_no)s)
ORDER BY contract_line_no, reached_on, milestone

-- name: end_wait_of_milestone
-- purpose: A milestone was reached, so it waits no more.
DELETE FROM hourline.waiting_milestone WHERE contract_line_no = %(contract_line_no)s AND milestone = %(milestone)s

-- name: reached_of_contract
-- purpose: The contract of a milestone, where it is reached.
SELECT contract_no FROM hourline.milestone_reached
WHERE contract_line_no = %(contract_line_no)s AND milestone = %(milestone)s

-- name: hold_milestone
-- purpose: Take a reached milestone out of billing; one that is held stays so.
INSERT INTO hourline.held_milestone (contract_line_no, milestone, actor, reason)
VALUES (%(contract_line_no)s, %(milestone)s, %(actor)s, %(reason)s)
ON CONFLICT (tenant, contract_line_no, milestone) DO NOTHING

-- name: release_milestone
-- purpose: Put a milestone back into billing.
DELETE FROM hourline.held_milestone WHERE contract_line_no = %(contract_line_no)s AND milestone = %(milestone)s
