-- name: booked_by_role
-- purpose: What is booked on some roles of entities in accounting dates, debits less credits, by project, day and the currency of the entity's books.
SELECT side.entity_no, side.role, side.project_no, side.currency, side.accounting_date, sum(side.amount)::bigint
FROM (SELECT line.entity_no, line.debit AS role, line.project_no, line.entity_currency AS currency,
             line.accounting_date, line.entity_amount AS amount
      FROM hourline.journal_line AS line
      UNION ALL
      SELECT line.entity_no, line.credit, line.project_no, line.entity_currency, line.accounting_date, -line.entity_amount
      FROM hourline.journal_line AS line) AS side
JOIN unnest(%(entity_nos)s::integer[], %(roles)s::smallint[]) AS wanted (entity_no, role) USING (entity_no, role)
WHERE side.accounting_date >= %(since)s AND side.accounting_date < %(until)s
GROUP BY side.entity_no, side.role, side.project_no, side.currency, side.accounting_date
HAVING sum(side.amount) <> 0
