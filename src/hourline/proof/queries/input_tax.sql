-- name: input_tax_differs_from_decisions
-- purpose: Entities whose input tax in the ledger is not that of the expenses in force, in minor units of their books; and expenses whose decided tax is not what their source, else the tax row they were decided with, states as recoverable, in minor units of their own currency.
WITH ledger AS (
    SELECT entity_no, sum(CASE WHEN debit = %(input_tax)s THEN entity_amount ELSE -entity_amount END) AS amount
    FROM hourline.journal_line WHERE %(input_tax)s IN (debit, credit) GROUP BY entity_no
), decided AS (
    SELECT d.entity_no, sum(x.input_tax) AS amount
    FROM hourline.decision d
    JOIN hourline.priced_expense x ON x.tenant = d.tenant AND x.entry_no = d.entry_no AND x.revision = d.revision
    WHERE NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = d.tenant
                      AND s.entry_no = d.entry_no AND s.revision = d.revision)
    GROUP BY d.entity_no
), booked AS (
    SELECT cause_no AS entry_no, cause_revision AS revision, amount FROM hourline.journal_line
    WHERE cause = %(cause_entry)s AND debit = %(input_tax)s AND NOT mirror
)
SELECT 'entity ' || coalesce(i.id, '?') AS subject, coalesce(d.amount, 0) AS expected, coalesce(g.amount, 0) AS found
FROM ledger g FULL JOIN decided d USING (entity_no)
LEFT JOIN hourline.master_identity i ON i.master_no = entity_no
WHERE coalesce(d.amount, 0) <> coalesce(g.amount, 0)
UNION ALL
SELECT 'expense ' || v.entry_no || ' revision ' || v.revision,
       stated.tax, coalesce(b.amount, 0)
FROM hourline.expense_version v
JOIN hourline.priced_expense x ON x.tenant = v.tenant AND x.entry_no = v.entry_no AND x.revision = v.revision
CROSS JOIN LATERAL (SELECT CASE WHEN v.recovery_stated THEN v.recoverable_ppm ELSE coalesce(x.recovered_ppm, 1000000) END AS ppm) AS share
CROSS JOIN LATERAL (SELECT CASE WHEN v.recoverable THEN floor((v.tax::numeric * share.ppm * 2 + 1000000) / 2000000)
                           ELSE 0 END AS tax) AS stated
LEFT JOIN booked b ON b.entry_no = v.entry_no AND b.revision = v.revision
WHERE stated.tax <> coalesce(b.amount, 0);
