-- name: cross_charged
-- purpose: What the departments of people charged those of projects, by entity and pair, as booked between two days; reversals are taken off.
SELECT e.id AS entity, p.id AS person_department, j.id AS project_department, x.currency,
       sum(CASE WHEN l.mirror THEN -x.seconds ELSE x.seconds END)::bigint AS seconds,
       sum(CASE WHEN l.mirror THEN -l.entity_amount ELSE l.entity_amount END)::bigint AS amount
FROM hourline.journal_line l
JOIN hourline.cross_charge x ON x.tenant = l.tenant AND x.entry_no = l.cause_no AND x.revision = l.cause_revision
JOIN hourline.master_identity e ON e.tenant = l.tenant AND e.master_no = l.entity_no
JOIN hourline.master_identity p ON p.tenant = x.tenant AND p.master_no = x.person_cost_centre_no
JOIN hourline.master_identity j ON j.tenant = x.tenant AND j.master_no = x.project_cost_centre_no
WHERE l.effect = %(cross_charge)s AND l.accounting_date BETWEEN %(since)s AND %(until)s
  AND (%(entity)s::text IS NULL OR e.id = %(entity)s)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- name: cross_charge_differs_from_ledger
-- purpose: Contracts on which departments charged each other more or less in the ledger, or recovered it, than the decisions in force say, in minor units of the entity's currency.
WITH ledger AS (
    SELECT contract_no,
           sum(CASE %(role_cross_charge)s WHEN debit THEN entity_amount WHEN credit THEN -entity_amount ELSE 0 END) AS charged,
           sum(CASE %(role_cross_charge_recovery)s WHEN credit THEN entity_amount WHEN debit THEN -entity_amount ELSE 0 END) AS recovered
    FROM hourline.journal_line
    WHERE %(role_cross_charge)s IN (debit, credit) OR %(role_cross_charge_recovery)s IN (debit, credit)
    GROUP BY contract_no
), decided AS (
    SELECT contract_no, sum(amount) AS amount FROM hourline.cross_charge x
    WHERE NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = x.tenant
                      AND s.entry_no = x.entry_no AND s.revision = x.revision)
    GROUP BY contract_no
)
SELECT side || ' on contract ' || coalesce(i.id, '?') AS subject, coalesce(d.amount, 0) AS expected, coalesce(there, 0) AS found
FROM ledger g FULL JOIN decided d USING (contract_no)
CROSS JOIN LATERAL (VALUES ('charged', g.charged), ('recovered', g.recovered)) AS sides (side, there)
LEFT JOIN hourline.master_identity i ON i.master_no = contract_no
WHERE coalesce(d.amount, 0) <> coalesce(there, 0);

-- name: cross_charge_differs_from_decision
-- purpose: Charges of departments for more or less time than was worked, or for work of another entity's people (0 is that), in seconds.
SELECT 'cross-charge of entry ' || x.entry_no || ' revision ' || x.revision AS subject,
       CASE WHEN d.resourcing_entity_no = d.entity_no AND d.entity_no = x.entity_no THEN d.worked_seconds ELSE 0 END::numeric AS expected,
       x.seconds::numeric AS found
FROM hourline.cross_charge x
JOIN hourline.decision d ON d.tenant = x.tenant AND d.entry_no = x.entry_no AND d.revision = x.revision
WHERE x.seconds <> CASE WHEN d.resourcing_entity_no = d.entity_no AND d.entity_no = x.entity_no THEN d.worked_seconds ELSE 0 END;
