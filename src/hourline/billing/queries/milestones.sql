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
