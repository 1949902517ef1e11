-- name: billed_lines
-- purpose: The invoice and credit lines of a revision, or of an amount of a contract line, with what the contract line was billed before the work, what all customers are billed of it in the same run, the tax of the document at its rate, and what is in the books. Lines of a run are in the order of the work, whatever document they are on.
SELECT l.part, i.number, i.kind, i.invoice_date, i.accounting_date, i.change_no, l.document_no, l.line_no, l.contract_no,
       k.id AS contract_line, c.id AS customer, l.milestone, of_amount.amount AS amount_total, l.seconds, l.units,
       l.rate_amount, l.rate_seconds, l.share_ppm, x.worth_numerator, x.worth_denominator, x.amount AS worth_units,
       l.net, l.net_at_rate, l.tax, l.tax_rate_ppm, rule.id AS tax_rule, i.currency, i.entity_no,
       o.number AS credits_number, l.credits_line_no, o.accounting_date AS credited_date, o.change_no AS credited_change_no,
       coalesce(booked.entity_net, 0)::bigint AS entity_net,
       before.worth AS worth_before, before.amounts AS amounts_before, before.net AS net_before,
       item.worth AS item_worth, item.net AS item_net, item.lines AS item_lines, item.share_ppm AS item_share_ppm,
       item.is_even AS item_is_even, taxed.lines AS rate_lines, taxed.net AS rate_net, taxed.tax AS rate_tax,
       drawn.number AS retainer, drawn.accounting_date AS retainer_date, drawn.change_no AS retainer_change_no,
       coalesce(netted.found, false) AS is_netted,
       a.connection AS tax_engine, a.reference AS tax_reference
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
JOIN hourline.master_identity k ON k.tenant = l.tenant AND k.master_no = l.contract_line_no
JOIN hourline.master_identity c ON c.tenant = i.tenant AND c.master_no = i.customer_no
LEFT JOIN hourline.master_identity rule ON rule.tenant = l.tenant AND rule.master_no = l.tax_rule_no
LEFT JOIN hourline.invoice o ON o.tenant = l.tenant AND o.document_no = l.credits_document_no
LEFT JOIN hourline.priced_expense x ON x.tenant = l.tenant AND x.entry_no = l.entry_no AND x.revision = l.revision AND l.units <> 0
LEFT JOIN hourline.decision q ON q.tenant = l.tenant AND q.entry_no = l.entry_no AND q.revision = l.revision
LEFT JOIN hourline.time_entry t ON t.tenant = l.tenant AND t.entry_no = l.entry_no
LEFT JOIN hourline.milestone_reached of_amount
    ON of_amount.tenant = l.tenant AND of_amount.contract_line_no = l.contract_line_no AND of_amount.milestone = l.milestone
JOIN LATERAL (
    SELECT array_agg(r.document_no) AS document_nos, min(r.document_no) AS first_no FROM hourline.invoice r
    WHERE r.contract_no = i.contract_no AND r.kind = i.kind AND r.issued_at = i.issued_at AND r.through = i.through
      AND r.invoice_date = i.invoice_date AND (i.kind = %(invoice)s OR r.document_no = i.document_no)
) run ON true
JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_array(b.seconds, b.rate_amount, b.rate_seconds, b.share_ppm, b.units,
                                                b.worth_numerator, b.worth_denominator, b.worth_units))
                    FILTER (WHERE NOT b.by_amount), '[]') AS worth,
           coalesce(sum(b.net) FILTER (WHERE b.by_amount), 0)::bigint AS amounts, coalesce(sum(b.net), 0)::bigint AS net
    FROM (
        SELECT f.milestone IS NOT NULL AS by_amount, f.rate_amount, f.rate_seconds, f.share_ppm,
               y.worth_numerator::text, y.worth_denominator::text, y.amount AS worth_units,
               sum(f.seconds)::bigint AS seconds, sum(f.units)::bigint AS units, sum(coalesce(f.net_at_rate, f.net)) AS net
        FROM hourline.invoice_line f
        LEFT JOIN hourline.priced_expense y
            ON y.tenant = f.tenant AND y.entry_no = f.entry_no AND y.revision = f.revision AND f.units <> 0
        LEFT JOIN hourline.decision w ON w.tenant = f.tenant AND w.entry_no = f.entry_no AND w.revision = f.revision
        LEFT JOIN hourline.time_entry e ON e.tenant = f.tenant AND e.entry_no = f.entry_no
        LEFT JOIN hourline.milestone_reached m
            ON m.tenant = f.tenant AND m.contract_line_no = f.contract_line_no AND m.milestone = f.milestone
        WHERE f.contract_line_no = l.contract_line_no
          AND (f.document_no < run.first_no
               OR (f.document_no = ANY(run.document_nos)
                   AND (coalesce(w.work_date, m.reached_on), coalesce(w.approved_at, m.reached_on::timestamp AT TIME ZONE 'UTC'),
                        coalesce(e.source_id, f.milestone) COLLATE "C", coalesce(f.entry_no, 0), coalesce(f.part, 0))
                     < (coalesce(q.work_date, of_amount.reached_on),
                        coalesce(q.approved_at, of_amount.reached_on::timestamp AT TIME ZONE 'UTC'),
                        coalesce(t.source_id, l.milestone) COLLATE "C", coalesce(l.entry_no, 0), coalesce(l.part, 0))))
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    ) b
) before ON true
JOIN LATERAL (
    SELECT coalesce(jsonb_agg(jsonb_build_array(f.seconds, f.rate_amount, f.rate_seconds, f.share_ppm, f.units,
                                                x.worth_numerator::text, x.worth_denominator::text, x.amount)), '[]') AS worth,
           sum(coalesce(f.net_at_rate, f.net))::bigint AS net, count(*)::integer AS lines, sum(f.share_ppm)::integer AS share_ppm,
           count(DISTINCT f.seconds + f.units) = 1 AS is_even
    FROM hourline.invoice_line f
    WHERE f.document_no = ANY(run.document_nos) AND f.contract_line_no = l.contract_line_no
      AND (f.entry_no, f.revision, f.part, f.milestone) IS NOT DISTINCT FROM (l.entry_no, l.revision, l.part, l.milestone)
) item ON true
JOIN LATERAL (
    SELECT count(*)::integer AS lines, sum(f.net)::bigint AS net, sum(f.tax)::bigint AS tax FROM hourline.invoice_line f
    WHERE f.document_no = l.document_no AND f.tax_rate_ppm = l.tax_rate_ppm
) taxed ON true
LEFT JOIN LATERAL (
    SELECT sum(CASE j.debit WHEN %(role_receivable)s THEN j.entity_amount ELSE -j.entity_amount END) AS entity_net
    FROM hourline.journal_line j
    WHERE j.cause = CASE i.kind WHEN %(invoice)s THEN %(cause_invoice)s ELSE %(cause_credit_note)s END
      AND j.cause_no = l.document_no AND j.part = l.line_no AND j.effect = %(effect_sale)s AND NOT j.mirror
) booked ON true
LEFT JOIN LATERAL (
    SELECT true AS found FROM hourline.journal_line j
    WHERE j.cause = CASE i.kind WHEN %(invoice)s THEN %(cause_invoice)s ELSE %(cause_credit_note)s END
      AND j.cause_no = l.document_no AND j.part = 0 AND j.effect = %(effect_recognition)s AND NOT j.mirror LIMIT 1
) netted ON true
LEFT JOIN LATERAL (
    SELECT r.number, r.accounting_date, r.change_no FROM hourline.drawdown d
    JOIN hourline.invoice r ON r.tenant = d.tenant AND r.document_no = d.retainer_document_no
    WHERE d.document_no = l.document_no AND d.credit_note_no IS NULL ORDER BY d.drawdown_no LIMIT 1
) drawn ON true
LEFT JOIN hourline.tax_answer_use u
    ON u.tenant = l.tenant AND u.document_no = coalesce(l.credits_document_no, l.document_no)
LEFT JOIN hourline.tax_answer a ON a.tenant = u.tenant AND a.question = u.question
WHERE (l.entry_no = %(entry_no)s::bigint AND l.revision = %(revision)s::integer)
   OR (l.contract_line_no = %(contract_line_no)s::integer AND l.milestone = %(milestone)s::text)
ORDER BY l.document_no, l.line_no
