-- name: roles_booked
-- purpose: The roles of entities that anything was ever booked on, with the project of each.
SELECT DISTINCT side.entity_no, side.role, side.project_no
FROM (SELECT line.entity_no, line.debit AS role, line.project_no FROM hourline.journal_line AS line
      UNION
      SELECT line.entity_no, line.credit, line.project_no FROM hourline.journal_line AS line) AS side
JOIN unnest(%(entity_nos)s::integer[], %(roles)s::smallint[]) AS wanted (entity_no, role) USING (entity_no, role)
ORDER BY side.entity_no, side.role, side.project_no
