-- name: cost_correction_out_of_place
-- purpose: Corrections of a cost that do not begin with the cost that stood before, of the decision or the correction before; in minor units, 0 where there is none before.
SELECT c.entry_no || ' revision ' || c.revision || ' correction ' || c.correction_no AS subject,
       coalesce(p.cost_after, d.cost_amount, 0)::numeric AS expected, c.cost_before::numeric AS found
FROM hourline.cost_correction c
LEFT JOIN hourline.cost_correction p
    ON p.tenant = c.tenant AND p.entry_no = c.entry_no AND p.revision = c.revision AND p.correction_no = c.correction_no - 1
LEFT JOIN hourline.decision d
    ON d.tenant = c.tenant AND d.entry_no = c.entry_no AND d.revision = c.revision AND c.correction_no = 1
   AND d.resourcing_entity_no = c.entity_no
WHERE c.cost_before IS DISTINCT FROM coalesce(p.cost_after, d.cost_amount);

-- name: corrected_cost_differs_from_ledger
-- purpose: Revisions whose cost was corrected but is not in the ledger as it was last, from payroll to cost of who bears it, nor taken back where the revision counts no longer; in minor units.
SELECT c.entry_no || ' revision ' || c.revision AS subject,
       CASE WHEN s.entry_no IS NULL THEN c.cost_after ELSE 0 END::numeric AS expected, coalesce(l.amount, 0) AS found
FROM (SELECT DISTINCT ON (entry_no, revision) * FROM hourline.cost_correction
      ORDER BY entry_no, revision, correction_no DESC) AS c
LEFT JOIN hourline.supersession s ON s.tenant = c.tenant AND s.entry_no = c.entry_no AND s.revision = c.revision
LEFT JOIN LATERAL (
    SELECT sum(CASE WHEN (j.debit, j.credit) = (%(cost)s, %(payroll_allocation)s) THEN j.entity_amount
                    WHEN (j.debit, j.credit) = (%(payroll_allocation)s, %(cost)s) THEN -j.entity_amount ELSE 0 END) AS amount
    FROM hourline.journal_line j
    WHERE j.tenant = c.tenant AND j.cause = %(cause_entry)s AND j.cause_no = c.entry_no AND j.cause_revision = c.revision
      AND j.effect = %(effect_cost)s AND j.entity_no = c.entity_no
) AS l ON true
WHERE coalesce(l.amount, 0) <> CASE WHEN s.entry_no IS NULL THEN c.cost_after ELSE 0 END;

-- name: cost_corrected_without_approval
-- purpose: Corrections of a cost that no second person approved of the entry; 1 is approved.
SELECT c.entry_no || ' revision ' || c.revision || ' correction ' || c.correction_no AS subject,
       1::numeric AS expected, 0::numeric AS found
FROM hourline.cost_correction c
WHERE NOT EXISTS (
    SELECT FROM hourline.bulk_item i
    JOIN hourline.proposal p ON p.tenant = i.tenant AND p.proposal_no = i.proposal_no
    WHERE i.tenant = c.tenant AND i.proposal_no = c.proposal_no AND i.entry_no = c.entry_no AND i.state = 'applied'
      AND p.state = 'approved');
