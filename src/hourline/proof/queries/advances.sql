-- name: shares_billed_twice_or_uncounted
-- purpose: Customers of which not that is billed of shared work what their invoice lines less credits say, in seconds or units of an expense.
SELECT entry_no || ' revision ' || revision || ' part ' || part || ' customer ' || coalesce(i.id, '?') AS subject,
       coalesce(b.seconds_billed + b.units_billed, 0)::numeric AS expected, coalesce(l.seconds + l.units, 0) AS found
FROM (SELECT entry_no, revision, part, hourline.survivor(customer_no) AS customer_no, seconds_billed, units_billed
      FROM hourline.portion_share) AS b
FULL JOIN (
    SELECT l.entry_no, l.revision, l.part, hourline.survivor(d.customer_no) AS customer_no, sum(l.seconds) AS seconds, sum(l.units) AS units
    FROM hourline.invoice_line l
    JOIN hourline.invoice d ON d.tenant = l.tenant AND d.document_no = l.document_no
    WHERE l.entry_no IS NOT NULL AND l.share_ppm < 1000000 GROUP BY 1, 2, 3, 4
) AS l USING (entry_no, revision, part, customer_no)
LEFT JOIN hourline.master_identity i ON i.master_no = customer_no
WHERE coalesce(b.seconds_billed, 0) <> coalesce(l.seconds, 0) OR coalesce(b.units_billed, 0) <> coalesce(l.units, 0);

-- name: shares_do_not_make_a_whole
-- purpose: Shared portions whose shares are not all of it, or that are not known to be as unevenly billed as their customers' balances are, in millionths.
SELECT s.entry_no || ' revision ' || s.revision || ' part ' || s.part AS subject,
       1000000 + sum(s.share_ppm * (most.billed - s.seconds_billed - s.units_billed)) AS expected,
       (sum(s.share_ppm) + max(b.weight_uneven))::numeric AS found
FROM hourline.portion_share s
JOIN hourline.billed_portion b ON b.tenant = s.tenant AND b.entry_no = s.entry_no AND b.revision = s.revision
    AND b.part = s.part
JOIN LATERAL (SELECT max(o.seconds_billed + o.units_billed) AS billed FROM hourline.portion_share o
              WHERE o.tenant = s.tenant AND o.entry_no = s.entry_no AND o.revision = s.revision AND o.part = s.part) AS most
    ON true
GROUP BY s.entry_no, s.revision, s.part
HAVING sum(s.share_ppm) <> 1000000
    OR max(b.weight_uneven) <> sum(s.share_ppm * (most.billed - s.seconds_billed - s.units_billed));

-- name: amounts_billed_twice_or_uncounted
-- purpose: Milestones and other amounts of which not that is billed what invoice lines less credits say, as a whole and of each of several customers, in minor units.
SELECT 'contract line ' || coalesce(i.id, '?') || ' ' || milestone AS subject, coalesce(b.amount_billed, 0)::numeric AS expected,
       coalesce(l.net, 0) AS found
FROM hourline.billed_milestone b
FULL JOIN (SELECT contract_line_no, milestone, sum(net) AS net FROM hourline.invoice_line
           WHERE milestone IS NOT NULL GROUP BY 1, 2) AS l USING (contract_line_no, milestone)
LEFT JOIN hourline.master_identity i ON i.master_no = contract_line_no
WHERE coalesce(b.amount_billed, 0) <> coalesce(l.net, 0)
UNION ALL
SELECT 'contract line ' || coalesce(i.id, '?') || ' ' || milestone || ' customer ' || coalesce(c.id, '?'),
       coalesce(s.amount_billed, 0)::numeric, coalesce(l.net, 0)
FROM (SELECT contract_line_no, milestone, hourline.survivor(customer_no) AS customer_no, amount_billed
      FROM hourline.milestone_share) AS s
FULL JOIN (
    SELECT l.contract_line_no, l.milestone, hourline.survivor(d.customer_no) AS customer_no, sum(l.net) AS net
    FROM hourline.invoice_line l
    JOIN hourline.invoice d ON d.tenant = l.tenant AND d.document_no = l.document_no
    WHERE l.milestone IS NOT NULL AND l.share_ppm < 1000000 GROUP BY 1, 2, 3
) AS l USING (contract_line_no, milestone, customer_no)
LEFT JOIN hourline.master_identity i ON i.master_no = contract_line_no
LEFT JOIN hourline.master_identity c ON c.master_no = customer_no
WHERE coalesce(s.amount_billed, 0) <> coalesce(l.net, 0);

-- name: retainer_differs_from_its_documents
-- purpose: Retainers of which more or less is left than what was invoiced, less credits and drawdowns, in minor units with tax.
SELECT d.number || ' line ' || l.line_no AS subject,
       (l.net + l.tax + coalesce(k.gross, 0) - coalesce(w.gross, 0))::numeric AS expected,
       coalesce(b.gross - b.gross_credited - b.gross_drawn, 0)::numeric AS found
FROM hourline.invoice_line l
JOIN hourline.invoice d ON d.tenant = l.tenant AND d.document_no = l.document_no
JOIN hourline.milestone_reached m ON m.tenant = l.tenant AND m.contract_line_no = l.contract_line_no
    AND m.milestone = l.milestone AND m.kind = %(kind_retainer)s
LEFT JOIN hourline.retainer_balance b ON b.tenant = l.tenant AND b.document_no = l.document_no AND b.line_no = l.line_no
LEFT JOIN LATERAL (SELECT sum(c.net + c.tax) AS gross FROM hourline.invoice_line c
                   WHERE c.tenant = l.tenant AND c.credits_document_no = l.document_no
                     AND c.credits_line_no = l.line_no) AS k ON true
LEFT JOIN LATERAL (SELECT sum(w.gross) AS gross FROM hourline.drawdown w
                   WHERE w.tenant = l.tenant AND w.retainer_document_no = l.document_no
                     AND w.retainer_line_no = l.line_no) AS w ON true
WHERE l.credits_document_no IS NULL
  AND l.net + l.tax + coalesce(k.gross, 0) - coalesce(w.gross, 0)
      <> coalesce(b.gross - b.gross_credited - b.gross_drawn, 0);

-- name: drawdown_differs_from_ledger
-- purpose: Drawdowns, and what credits give back, that the ledger has not taken off contract liability, tax and receivable so, in minor units of the entity's currency.
SELECT 'drawdown ' || d.drawdown_no AS subject, (d.entity_net + d.entity_tax)::numeric AS expected,
       coalesce(j.receivable, 0) AS found
FROM hourline.drawdown d
LEFT JOIN LATERAL (
    SELECT sum(CASE WHEN credit = %(receivable)s THEN amount ELSE -amount END) AS gross,
           sum(CASE WHEN credit = %(receivable)s THEN entity_amount ELSE -entity_amount END) AS receivable,
           sum(CASE %(contract_liability)s WHEN debit THEN entity_amount WHEN credit THEN -entity_amount ELSE 0 END) AS net
    FROM hourline.journal_line j
    WHERE j.tenant = d.tenant AND j.cause = %(cause_drawdown)s AND j.cause_no = d.drawdown_no AND j.cause_revision = 0
      AND j.effect = %(drawdown)s AND NOT j.mirror
) AS j ON true
WHERE (coalesce(j.gross, 0), coalesce(j.receivable, 0), coalesce(j.net, 0))
      <> (d.gross, d.entity_net + d.entity_tax, d.entity_net);

-- name: drawn_beyond_the_invoice
-- purpose: Invoices of which retainers pay more than they come to, or less than nothing, in minor units.
SELECT i.number AS subject, i.total::numeric AS expected, sum(d.gross) AS found
FROM hourline.drawdown d
JOIN hourline.invoice i ON i.tenant = d.tenant AND i.document_no = d.document_no
GROUP BY i.document_no, i.number, i.total HAVING sum(d.gross) NOT BETWEEN 0 AND i.total;
