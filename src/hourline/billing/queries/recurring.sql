-- name: recorded_months
-- purpose: The months of recurring fees that were billed once; what is open of them is a milestone's.
SELECT contract_line_no, milestone, monthly_amount FROM hourline.recurring_month
WHERE contract_line_no = ANY(%(contract_line_nos)s::integer[])

-- name: insert_months
-- purpose: Record the months of a recurring fee; one that was billed before is there already.
WITH month AS (
    SELECT * FROM unnest(%(contract_line_no)s::integer[], %(milestone)s::text[], %(first_day)s::date[],
                         %(last_day)s::date[], %(month_days)s::smallint[], %(monthly_amount)s::bigint[],
                         %(amount)s::bigint[], %(tax_rule_no)s::integer[])
        AS month (contract_line_no, milestone, first_day, last_day, month_days, monthly_amount, amount, tax_rule_no)
), reached AS (
    INSERT INTO hourline.milestone_reached
        (contract_line_no, milestone, kind, contract_no, reached_on, amount, currency, tax_rule_no)
    SELECT contract_line_no, milestone, %(kind)s, %(contract_no)s, first_day, amount, %(currency)s, tax_rule_no FROM month
    ON CONFLICT DO NOTHING
    RETURNING contract_line_no, milestone
)
INSERT INTO hourline.recurring_month
    (contract_line_no, milestone, contract_no, first_day, last_day, month_days, monthly_amount)
SELECT contract_line_no, milestone, %(contract_no)s, first_day, last_day, month_days, monthly_amount
FROM reached JOIN month USING (contract_line_no, milestone)
