-- name: cost_correction_out_of_place
-- purpose: Lose the place of a correction, so that none stands before it.
UPDATE hourline.cost_correction SET correction_no = 3 WHERE tenant = %(tenant)s AND correction_no = 2;

-- name: corrected_cost_differs_from_ledger
-- purpose: Move a cent of the corrected cost of one entry to another one.
WITH taken AS (
    UPDATE hourline.journal_line l SET amount = l.amount - 1, entity_amount = l.entity_amount - 1
    WHERE l.tenant = %(tenant)s AND l.cause = 1 AND l.effect = 1 AND l.part = 2 RETURNING l.cause_no)
UPDATE hourline.journal_line l SET amount = l.amount + 1, entity_amount = l.entity_amount + 1
WHERE l.tenant = %(tenant)s AND l.cause = 1 AND l.effect = 1 AND NOT EXISTS (SELECT FROM taken WHERE taken.cause_no = l.cause_no);

-- name: cost_corrected_without_approval
-- purpose: Forget what two people agreed of the second correction.
DELETE FROM hourline.bulk_item WHERE tenant = %(tenant)s AND proposal_no = (
    SELECT max(proposal_no) FROM hourline.bulk_item WHERE tenant = %(tenant)s);
