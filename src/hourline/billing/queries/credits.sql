-- name: invoiced_lines
-- purpose: The lines of an invoice with what credit notes took back of each so far, and the state of their portions.
SELECT l.line_no, l.contract_line_no, l.entry_no, l.revision, l.part, l.milestone, d.project_no, d.person_no,
       l.seconds, l.rate_amount, l.rate_seconds, l.net, l.tax_rule_no, l.tax_rate_ppm, l.tax, l.description,
       coalesce(sale.signed, 0) AS entity_net,
       coalesce(c.seconds, 0) AS credited_seconds, coalesce(c.net, 0) AS credited_net, coalesce(c.tax, 0) AS credited_tax,
       coalesce(c.entity_net, 0) AS credited_entity_net,
       coalesce(p.seconds, 0) AS seconds_total, coalesce(b.seconds_billed, 0) AS seconds_billed,
       l.units, coalesce(c.units, 0) AS credited_units,
       CASE WHEN p.seconds = 0 THEN p.amount ELSE 0 END AS units_total, coalesce(b.units_billed, 0) AS units_billed,
       coalesce(p.accrued_amount, o.accrued, 0) AS accrued, coalesce(a.entity_amount, o.entity_amount, 0) AS accrued_entity,
       coalesce(m.amount, 0) AS amount_total, coalesce(m.amount_billed, 0) AS amount_billed,
       coalesce(b.seconds_given_up, 0) AS seconds_given_up,
       CASE WHEN p.seconds = 0 THEN coalesce(b.amount_given_up, 0) ELSE 0 END AS units_given_up,
       coalesce(b.seconds_allotted, 0) AS seconds_allotted,
       CASE WHEN p.seconds = 0 THEN coalesce(b.amount_over_limit, 0) ELSE 0 END AS units_allotted,
       l.net_at_rate, coalesce(c.net_at_rate, 0) AS credited_net_at_rate,
       coalesce(sale.other = %(role_liability)s, false) AS deferred,
       q.part IS NOT NULL AS in_position,
       coalesce(m.kind, 1) AS kind, l.share_ppm, coalesce(b.weight_uneven, 0) AS weight_uneven,
       coalesce(drawn.net, 0) AS net_drawn, coalesce(drawn.tax, 0) AS tax_drawn,
       coalesce(drawn.entity_net, 0) AS entity_net_drawn,
       l.retained, l.retained_exact, coalesce(c.retained, 0) AS credited_retained,
       coalesce(c.retained_exact, 0) AS credited_retained_exact
FROM hourline.invoice_line l
LEFT JOIN LATERAL (
    SELECT project_no, person_no FROM hourline.decision d
    WHERE (d.tenant, d.entry_no, d.revision) = (l.tenant, l.entry_no, l.revision) LIMIT 1
) AS d ON true
LEFT JOIN LATERAL (
    SELECT seconds, amount, accrued_amount FROM hourline.portion p
    WHERE (p.tenant, p.entry_no, p.revision, p.part) = (l.tenant, l.entry_no, l.revision, l.part) LIMIT 1
) AS p ON true
LEFT JOIN LATERAL (
    SELECT seconds_billed, units_billed, weight_uneven, seconds_written_off + seconds_left_out + seconds_replaced AS seconds_given_up,
           amount_written_off + amount_left_out AS amount_given_up,
           seconds_prepaid + seconds_over_limit AS seconds_allotted, amount_over_limit FROM hourline.billed_portion b
    WHERE (b.tenant, b.entry_no, b.revision, b.part) = (l.tenant, l.entry_no, l.revision, l.part) LIMIT 1
) AS b ON true
LEFT JOIN LATERAL (
    SELECT entity_amount FROM hourline.journal_line a
    WHERE a.tenant = l.tenant AND a.cause = %(cause_entry)s AND a.cause_no = l.entry_no AND a.cause_revision = l.revision
      AND a.part = l.part AND a.effect = ANY(%(effects_accrual)s::smallint[]) AND NOT a.mirror LIMIT 1
) AS a ON true
LEFT JOIN LATERAL (
    SELECT r.kind, t.amount, t.amount_billed
    FROM hourline.milestone_reached r
    JOIN hourline.billed_milestone t USING (tenant, contract_line_no, milestone)
    WHERE (r.tenant, r.contract_line_no, r.milestone) = (l.tenant, l.contract_line_no, l.milestone) LIMIT 1
) AS m ON true
LEFT JOIN LATERAL (
    SELECT sum(net)::bigint AS net, sum(tax)::bigint AS tax, sum(entity_net)::bigint AS entity_net FROM hourline.drawdown d
    WHERE d.tenant = l.tenant AND d.retainer_document_no = l.document_no AND d.retainer_line_no = l.line_no
) AS drawn ON true
LEFT JOIN LATERAL (
    SELECT part FROM hourline.position_change q
    WHERE (q.tenant, q.cause, q.cause_no, q.part) = (l.tenant, %(cause_invoice)s, l.document_no, l.line_no) LIMIT 1
) AS q ON true
LEFT JOIN hourline.opening_position o
    ON o.tenant = l.tenant AND o.contract_line_no = l.contract_line_no AND o.milestone = l.milestone
LEFT JOIN LATERAL (
    SELECT CASE j.debit WHEN %(role_receivable)s THEN j.entity_amount ELSE -j.entity_amount END AS signed,
           CASE j.debit WHEN %(role_receivable)s THEN j.credit ELSE j.debit END AS other
    FROM hourline.journal_line j
    WHERE j.tenant = l.tenant AND j.cause = %(cause_invoice)s AND j.cause_no = l.document_no AND j.cause_revision = 0
      AND j.part = l.line_no AND j.effect = %(effect_sale)s AND NOT j.mirror LIMIT 1
) AS sale ON true
LEFT JOIN LATERAL (
    SELECT -sum(k.seconds)::bigint AS seconds, -sum(k.units)::bigint AS units, -sum(k.net)::bigint AS net, -sum(k.tax)::bigint AS tax,
           -sum(k.net_at_rate)::bigint AS net_at_rate, -sum(k.retained)::bigint AS retained,
           -sum(k.retained_exact)::bigint AS retained_exact,
           sum(CASE j.credit WHEN %(role_receivable)s THEN j.entity_amount ELSE -j.entity_amount END)::bigint AS entity_net
    FROM hourline.invoice_line k
    LEFT JOIN hourline.journal_line j
        ON j.tenant = k.tenant AND j.cause = %(cause_credit_note)s AND j.cause_no = k.document_no
        AND j.cause_revision = 0 AND j.part = k.line_no AND j.effect = %(effect_sale)s AND NOT j.mirror
    WHERE k.tenant = l.tenant AND k.credits_document_no = l.document_no AND k.credits_line_no = l.line_no
) AS c ON true
WHERE l.document_no = %(document_no)s
ORDER BY l.line_no

-- name: group_taxes
-- purpose: The tax of each rate of an invoice, of each retainer apart, with what credit notes took back and later invoices drew of it, in both currencies.
SELECT tax_rate_ppm, own_line, sum(tax)::bigint AS tax, sum(entity_tax)::bigint AS entity_tax,
       sum(credited_tax)::bigint AS credited_tax, sum(credited_entity_tax)::bigint AS credited_entity_tax,
       sum(drawn_tax)::bigint AS drawn_tax, sum(drawn_entity_tax)::bigint AS drawn_entity_tax
FROM (
    SELECT l.tax_rate_ppm, coalesce(r.line_no, 0) AS own_line, l.tax,
           coalesce(CASE j.debit WHEN %(role_receivable)s THEN j.entity_amount ELSE -j.entity_amount END, 0) AS entity_tax,
           0 AS credited_tax, 0 AS credited_entity_tax, 0 AS drawn_tax, 0 AS drawn_entity_tax
    FROM hourline.invoice_line l
    LEFT JOIN hourline.retainer_balance r ON r.tenant = l.tenant AND r.document_no = l.document_no AND r.line_no = l.line_no
    LEFT JOIN hourline.journal_line j
        ON j.tenant = l.tenant AND j.cause = %(cause_invoice)s AND j.cause_no = l.document_no AND j.cause_revision = 0
        AND j.part = l.line_no AND j.effect = %(effect_tax)s AND NOT j.mirror
    WHERE l.document_no = %(document_no)s
    UNION ALL
    SELECT l.tax_rate_ppm, coalesce(r.line_no, 0), 0, 0, -l.tax,
           coalesce(CASE j.credit WHEN %(role_receivable)s THEN j.entity_amount ELSE -j.entity_amount END, 0), 0, 0
    FROM hourline.invoice_line l
    LEFT JOIN hourline.retainer_balance r
        ON r.tenant = l.tenant AND r.document_no = l.credits_document_no AND r.line_no = l.credits_line_no
    LEFT JOIN hourline.journal_line j
        ON j.tenant = l.tenant AND j.cause = %(cause_credit_note)s AND j.cause_no = l.document_no
        AND j.cause_revision = 0 AND j.part = l.line_no AND j.effect = %(effect_tax)s AND NOT j.mirror
    WHERE l.credits_document_no = %(document_no)s
    UNION ALL
    SELECT l.tax_rate_ppm, l.line_no, 0, 0, 0, 0, d.tax, d.entity_tax
    FROM hourline.drawdown d
    JOIN hourline.invoice_line l
        ON l.tenant = d.tenant AND l.document_no = d.retainer_document_no AND l.line_no = d.retainer_line_no
    WHERE d.retainer_document_no = %(document_no)s
) AS taxes
GROUP BY tax_rate_ppm, own_line

-- name: live_documents_of
-- purpose: The invoices on which something of these revisions still stands.
SELECT DISTINCT l.document_no
FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[]) AS wanted (entry_no, revision)
JOIN hourline.invoice_line l USING (entry_no, revision)
LEFT JOIN LATERAL (
    SELECT sum(k.seconds) AS seconds, sum(k.units) AS units, sum(k.net) AS net FROM hourline.invoice_line k
    WHERE k.tenant = l.tenant AND k.credits_document_no = l.document_no AND k.credits_line_no = l.line_no
) AS c ON true
WHERE l.credits_document_no IS NULL
  AND (l.seconds + coalesce(c.seconds, 0) > 0 OR l.units + coalesce(c.units, 0) > 0 OR l.net + coalesce(c.net, 0) <> 0)
ORDER BY 1

-- name: contracts_of_revisions
-- purpose: The contracts that revisions of entries were decided on.
SELECT DISTINCT d.contract_no
FROM hourline.decision d
JOIN unnest(%(entry_no)s::bigint[], %(revision)s::integer[]) AS wanted (entry_no, revision)
    USING (entry_no, revision)
