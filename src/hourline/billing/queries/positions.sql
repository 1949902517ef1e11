-- name: position_changes
-- purpose: What contracts were invoiced and earned, in the order it was recorded; credits came at their invoice's rate, balances taken over at their own.
SELECT contract_no, amount, entity_amount + entity_residue AS entity_amount, cause = ANY(%(at_own_rate)s::smallint[]) AS own_rate
FROM hourline.position_change
WHERE contract_no = ANY(%(contract_nos)s::integer[])
ORDER BY position_no
