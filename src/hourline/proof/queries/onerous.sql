-- name: provision_differs_from_figures
-- purpose: Provisions for onerous contracts that do not follow from their own figures, or those not from their lines, or what lines had earned not from their runs, in minor units.
WITH lines AS (
    SELECT provision_no, sum(greatest(estimate - cost, 0)) AS cost_left, sum(price - earned) AS price_left,
           sum(cost - revenue) AS realised
    FROM hourline.onerous_line GROUP BY 1
)
SELECT 'provision ' || o.provision_no AS subject, follows.amount AS expected, o.provision::numeric AS found
FROM hourline.onerous_provision o
CROSS JOIN LATERAL (
    SELECT CASE WHEN o.realised + o.cost_left - o.revenue_left > 0
           THEN greatest(o.cost_left - o.revenue_left, 0) ELSE 0 END AS amount
) AS follows
WHERE abs(o.provision - follows.amount) > 0.5
UNION ALL
SELECT figure || ' of provision ' || o.provision_no, expected, there
FROM hourline.onerous_provision o
LEFT JOIN lines l USING (provision_no)
CROSS JOIN LATERAL (
    VALUES ('cost left', l.cost_left, o.cost_left), ('price left', l.price_left, o.price_left),
           ('realised loss', l.realised, o.realised)
) AS figures (figure, of_lines, there)
CROSS JOIN LATERAL (SELECT coalesce(of_lines, 0) AS expected) AS summed
WHERE expected <> there
UNION ALL
SELECT 'earned of ' || coalesce(i.id, '?') || ' in provision ' || o.provision_no, r.earned::numeric, f.earned::numeric
FROM hourline.onerous_line f
JOIN hourline.onerous_provision o ON o.tenant = f.tenant AND o.provision_no = f.provision_no
CROSS JOIN LATERAL (SELECT earned FROM hourline.revenue_recognised v
                    WHERE v.tenant = f.tenant AND v.contract_line_no = f.contract_line_no AND v.run_no <= o.run_no
                    ORDER BY v.recognition_no DESC LIMIT 1) AS r
LEFT JOIN hourline.master_identity i ON i.tenant = f.tenant AND i.master_no = f.contract_line_no
WHERE r.earned <> f.earned;

-- name: provision_differs_from_ledger
-- purpose: Contracts whose provision or cost of it in the ledger, or whose runs added up, are not what their last run provided, in minor units of the entity's currency.
WITH last_run AS (
    SELECT DISTINCT ON (contract_no) contract_no, provision FROM hourline.onerous_provision
    ORDER BY contract_no, provision_no DESC
), runs AS (
    SELECT contract_no, sum(amount) AS amount FROM hourline.onerous_provision GROUP BY 1
), ledger AS (
    SELECT contract_no,
           sum(CASE %(onerous_provision)s WHEN credit THEN entity_amount WHEN debit THEN -entity_amount ELSE 0 END) AS provided,
           sum(CASE %(onerous_cost)s WHEN debit THEN entity_amount WHEN credit THEN -entity_amount ELSE 0 END) AS cost
    FROM hourline.journal_line
    WHERE %(onerous_provision)s IN (debit, credit) OR %(onerous_cost)s IN (debit, credit) GROUP BY 1
)
SELECT side || ' of contract ' || coalesce(i.id, '?') AS subject, coalesce(p.provision, 0)::numeric AS expected,
       coalesce(there, 0) AS found
FROM last_run p
FULL JOIN runs r USING (contract_no)
FULL JOIN ledger g USING (contract_no)
CROSS JOIN LATERAL (
    VALUES ('sum of runs', r.amount), ('provision', g.provided), ('cost of the provision', g.cost)
) AS sides (side, there)
LEFT JOIN hourline.master_identity i ON i.master_no = contract_no
WHERE coalesce(p.provision, 0) <> coalesce(there, 0);
