-- name: open_retainers
-- purpose: What is left of the retainers that a customer of a contract was invoiced, in the order of the invoices, in both currencies.
SELECT b.document_no, b.line_no, l.net, l.tax, coalesce(invoiced.entity_net, 0) AS entity_net,
       coalesce(invoiced.entity_tax, 0) AS entity_tax,
       (l.net - coalesce(credited.net, 0) - coalesce(drawn.net, 0))::bigint AS net_left,
       (l.tax - coalesce(credited.tax, 0) - coalesce(drawn.tax, 0))::bigint AS tax_left,
       (coalesce(invoiced.entity_net, 0) - coalesce(credited.entity_net, 0) - coalesce(drawn.entity_net, 0))::bigint
           AS entity_net_left,
       (coalesce(invoiced.entity_tax, 0) - coalesce(credited.entity_tax, 0) - coalesce(drawn.entity_tax, 0))::bigint
           AS entity_tax_left
FROM hourline.retainer_balance b
JOIN hourline.invoice_line l ON l.tenant = b.tenant AND l.document_no = b.document_no AND l.line_no = b.line_no
LEFT JOIN LATERAL (
    SELECT sum(j.entity_amount) FILTER (WHERE j.effect = %(effect_sale)s)::bigint AS entity_net,
           sum(j.entity_amount) FILTER (WHERE j.effect = %(effect_tax)s)::bigint AS entity_tax
    FROM hourline.journal_line j
    WHERE j.tenant = b.tenant AND j.cause = %(cause_invoice)s AND j.cause_no = b.document_no AND j.cause_revision = 0
      AND j.part = b.line_no AND j.effect IN (%(effect_sale)s, %(effect_tax)s) AND NOT j.mirror
) AS invoiced ON true
LEFT JOIN LATERAL (
    SELECT -sum(k.net) AS net, -sum(k.tax) AS tax, sum(booked.entity_net) AS entity_net, sum(booked.entity_tax) AS entity_tax
    FROM hourline.invoice_line k
    LEFT JOIN LATERAL (
        SELECT sum(j.entity_amount) FILTER (WHERE j.effect = %(effect_sale)s) AS entity_net,
               sum(j.entity_amount) FILTER (WHERE j.effect = %(effect_tax)s) AS entity_tax
        FROM hourline.journal_line j
        WHERE j.tenant = k.tenant AND j.cause = %(cause_credit_note)s AND j.cause_no = k.document_no
          AND j.cause_revision = 0 AND j.part = k.line_no AND j.effect IN (%(effect_sale)s, %(effect_tax)s) AND NOT j.mirror
    ) AS booked ON true
    WHERE k.tenant = b.tenant AND k.credits_document_no = b.document_no AND k.credits_line_no = b.line_no
) AS credited ON true
LEFT JOIN LATERAL (
    SELECT sum(net) AS net, sum(tax) AS tax, sum(entity_net) AS entity_net, sum(entity_tax) AS entity_tax
    FROM hourline.drawdown d
    WHERE d.tenant = b.tenant AND d.retainer_document_no = b.document_no AND d.retainer_line_no = b.line_no
) AS drawn ON true
WHERE b.contract_no = %(contract_no)s AND hourline.survivor(b.customer_no) = hourline.survivor(%(customer_no)s)
  AND b.gross > b.gross_credited + b.gross_drawn
ORDER BY b.document_no, b.line_no

-- name: drawn_by
-- purpose: What an invoice drew of each retainer and what was not given back of it; what was drawn last comes first.
SELECT retainer_document_no AS document_no, retainer_line_no AS line_no,
       sum(net) FILTER (WHERE gross > 0)::bigint AS net, sum(tax) FILTER (WHERE gross > 0)::bigint AS tax,
       sum(entity_net) FILTER (WHERE gross > 0)::bigint AS entity_net,
       sum(entity_tax) FILTER (WHERE gross > 0)::bigint AS entity_tax,
       sum(net)::bigint AS net_left, sum(tax)::bigint AS tax_left, sum(entity_net)::bigint AS entity_net_left,
       sum(entity_tax)::bigint AS entity_tax_left
FROM hourline.drawdown WHERE document_no = %(document_no)s
GROUP BY 1, 2 HAVING sum(gross) > 0
ORDER BY max(drawdown_no) DESC

-- name: open_retainer_balances
-- purpose: Begin the balances of the retainers on an invoice.
INSERT INTO hourline.retainer_balance (document_no, line_no, contract_no, customer_no, gross)
SELECT %(document_no)s, line_no, %(contract_no)s, %(customer_no)s, gross
FROM unnest(%(line_no)s::integer[], %(gross)s::bigint[]) AS line (line_no, gross)

-- name: move_retainer_balance
-- purpose: Raise what was credited or drawn of a retainer, or lower it; the table's check refuses more than there is.
UPDATE hourline.retainer_balance
SET gross_credited = gross_credited + %(credited)s, gross_drawn = gross_drawn + %(drawn)s
WHERE document_no = %(document_no)s AND line_no = %(line_no)s

-- name: insert_drawdown
-- purpose: Record that a retainer pays a part of an invoice, or with a credit note that it gets it back.
INSERT INTO hourline.drawdown
    (drawdown_no, contract_no, retainer_document_no, retainer_line_no, document_no, credit_note_no, gross, net, tax,
     entity_net, entity_tax)
VALUES
    (%(drawdown_no)s, %(contract_no)s, %(retainer_document_no)s, %(retainer_line_no)s, %(document_no)s,
     %(credit_note_no)s, %(gross)s, %(net)s, %(tax)s, %(entity_net)s, %(entity_tax)s)

-- name: retainers_reached
-- purpose: The retainers of a contract that were billed before, with what of each stands on live invoice lines.
SELECT m.contract_line_no, m.milestone, m.amount, m.currency, coalesce(b.amount_billed, 0) AS amount_billed
FROM hourline.milestone_reached m
LEFT JOIN hourline.billed_milestone b USING (tenant, contract_line_no, milestone)
WHERE m.contract_no = %(contract_no)s AND m.kind = %(kind_retainer)s

-- name: retainers_begun
-- purpose: The contract lines whose retainer was billed before.
SELECT contract_line_no FROM hourline.milestone_reached WHERE kind = %(kind_retainer)s
