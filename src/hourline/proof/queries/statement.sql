-- name: time_in_force
-- purpose: Worked, uplifted and portioned seconds of the decisions in force, and how many there are.
SELECT count(*)::bigint AS decisions, coalesce(sum(d.worked_seconds), 0)::bigint AS worked,
       coalesce(sum(d.uplift_seconds), 0)::bigint
           + coalesce(sum((SELECT sum(r.uplift_change) FROM hourline.day_rounding r
                           WHERE r.tenant = d.tenant AND r.entry_no = d.entry_no AND r.revision = d.revision)), 0)::bigint
           AS uplift,
       coalesce(sum((SELECT sum(p.seconds) FROM hourline.portion_part p
                     WHERE p.tenant = d.tenant AND p.entry_no = d.entry_no AND p.revision = d.revision)), 0)::bigint
           AS portioned
FROM hourline.decision d
WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision);

-- name: entries_by_state
-- purpose: Every entry once, in the state of its revision in force.
SELECT CASE
    WHEN EXISTS (SELECT FROM hourline.time_entry_recall r WHERE r.tenant = e.tenant AND r.entry_no = e.entry_no
                 AND r.revision >= coalesce(v.revision, 0)) THEN 'recalled'
    WHEN v.revision IS NULL THEN 'submitted'
    WHEN p.state = %(waiting)s THEN 'waiting'
    WHEN p.state = %(exception)s THEN 'exception'
    WHEN p.state IS NOT NULL THEN 'received'
    WHEN NOT EXISTS (SELECT FROM hourline.billed_portion b WHERE b.tenant = e.tenant AND b.entry_no = e.entry_no
                     AND b.revision = v.revision AND b.seconds_billed + b.units_billed > 0) THEN 'approved'
    WHEN EXISTS (SELECT FROM hourline.invoice_line l
                 JOIN hourline.posting_intent i ON i.tenant = l.tenant AND i.document_no = l.document_no
                 WHERE l.tenant = e.tenant AND l.entry_no = e.entry_no AND l.revision = v.revision
                   AND i.kind = %(invoice)s)
     AND NOT EXISTS (SELECT FROM hourline.invoice_line l
                     JOIN hourline.posting_intent i ON i.tenant = l.tenant AND i.document_no = l.document_no
                     WHERE l.tenant = e.tenant AND l.entry_no = e.entry_no AND l.revision = v.revision
                       AND i.kind = %(invoice)s AND i.state <> %(confirmed)s) THEN 'posted'
    ELSE 'billed' END AS state,
    count(*)::bigint AS entries, coalesce(sum(v.worked_seconds), 0)::bigint AS seconds
FROM hourline.time_entry e
LEFT JOIN LATERAL (SELECT revision, worked_seconds FROM hourline.time_entry_version v
                   WHERE v.tenant = e.tenant AND v.entry_no = e.entry_no ORDER BY revision DESC LIMIT 1) v ON true
LEFT JOIN hourline.pending_entry p ON p.tenant = e.tenant AND p.entry_no = e.entry_no
GROUP BY 1 ORDER BY 1;

-- name: records_by_outcome
-- purpose: Every record that arrived, by method and outcome.
SELECT d.method, r.outcome, count(*)::bigint AS records
FROM hourline.source_record r
JOIN hourline.delivery d ON d.tenant = r.tenant AND d.delivery_no = r.delivery_no
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: portions_by_fate
-- purpose: Seconds and value of the portions in force by fate and currency, in minor units.
SELECT p.fate, p.currency, sum(p.seconds)::bigint AS seconds, sum(p.amount)::bigint AS amount
FROM hourline.portion_part p
WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = p.tenant AND s.entry_no = p.entry_no AND s.revision = p.revision)
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: billable_by_line
-- purpose: Exact value of all and of billed time per contract line and price base, and how its entity rounds; time that is held, given up, prepaid or over a limit is not billable.
SELECT p.contract_line_no, p.currency, p.rate_seconds,
       (SELECT v.content->>'money_rounding' FROM hourline.master_version v
        WHERE v.tenant = d.tenant AND v.master_no = d.entity_no ORDER BY v.change_no DESC LIMIT 1) AS rounding,
       sum(p.seconds::numeric * p.rate_amount) AS all_value,
       sum((p.seconds_billed - coalesce(b.weight_uneven, 0) / 1000000.0) * p.rate_amount) AS billed_value
FROM hourline.portion_part p
JOIN hourline.decision d ON d.tenant = p.tenant AND d.entry_no = p.entry_no AND d.revision = p.revision
LEFT JOIN hourline.billed_portion b ON b.tenant = p.tenant AND b.entry_no = p.entry_no AND b.revision = p.revision
    AND b.part = p.part AND p.seconds > 0
WHERE p.fate = %(billable)s
  AND NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = p.tenant AND s.entry_no = p.entry_no AND s.revision = p.revision)
GROUP BY p.contract_line_no, p.currency, p.rate_seconds, d.tenant, d.entity_no ORDER BY 1, 2, 3;

-- name: expenses_by_line
-- purpose: Exact value of all and of billed expenses per contract line and denominator, and how its entity rounds; what is held, given up or over a limit is not billable.
SELECT p.contract_line_no, p.currency, x.worth_denominator * greatest(x.amount, 1) AS denominator,
       (SELECT v.content->>'money_rounding' FROM hourline.master_version v
        WHERE v.tenant = d.tenant AND v.master_no = d.entity_no ORDER BY v.change_no DESC LIMIT 1) AS rounding,
       sum(p.units * x.worth_numerator) AS all_value,
       sum((p.units_billed - coalesce(b.weight_uneven, 0) / 1000000.0) * x.worth_numerator) AS billed_value
FROM hourline.priced_expense x
JOIN hourline.portion_part p ON p.tenant = x.tenant AND p.entry_no = x.entry_no AND p.revision = x.revision
JOIN hourline.decision d ON d.tenant = x.tenant AND d.entry_no = x.entry_no AND d.revision = x.revision
LEFT JOIN hourline.billed_portion b ON b.tenant = p.tenant AND b.entry_no = p.entry_no
    AND b.revision = p.revision AND b.part = p.part
WHERE p.fate = %(billable)s
  AND NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = p.tenant AND s.entry_no = p.entry_no AND s.revision = p.revision)
GROUP BY 1, 2, 3, d.tenant, d.entity_no ORDER BY 1, 2, 3;

-- name: credited_lines
-- purpose: Per contract line with a credit: what stands of the revisions in force, and how far credits can move it.
SELECT l.contract_line_no, i.currency,
       coalesce(sum(coalesce(l.net_at_rate, l.net)) FILTER (WHERE s.entry_no IS NULL), 0)::bigint AS net,
       sum(1 + CASE WHEN l.units <> 0 THEN 1 ELSE ceil(l.rate_amount::numeric / (l.rate_seconds * %(price_scale)s)) END)
           FILTER (WHERE l.credits_document_no IS NOT NULL) AS drift_max
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
LEFT JOIN hourline.supersession s ON s.tenant = l.tenant AND s.entry_no = l.entry_no AND s.revision = l.revision
WHERE l.entry_no IS NOT NULL
GROUP BY 1, 2 HAVING bool_or(l.credits_document_no IS NOT NULL) ORDER BY 1, 2;

-- name: milestones_by_currency
-- purpose: Reached and billed amounts of milestones, opening amounts among them, in minor units; reversed ones left out.
SELECT m.currency, sum(m.amount)::bigint AS reached, coalesce(sum(b.amount_billed), 0)::bigint AS billed
FROM hourline.milestone_reached m
LEFT JOIN hourline.billed_milestone b ON b.tenant = m.tenant AND b.contract_line_no = m.contract_line_no
    AND b.milestone = m.milestone
WHERE NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = m.tenant
                  AND x.contract_line_no = m.contract_line_no AND x.milestone = m.milestone)
GROUP BY 1 ORDER BY 1;

-- name: documents_by_currency
-- purpose: Invoices and credit notes by currency, in minor units.
SELECT kind, currency, count(*)::bigint AS documents, sum(net)::bigint AS net, sum(tax)::bigint AS tax,
       sum(total)::bigint AS total
FROM hourline.invoice GROUP BY 1, 2 ORDER BY 1, 2;

-- name: amounts_by_hand
-- purpose: By how much amounts set by hand differ from their bill rates on invoices less credits, in minor units.
SELECT i.currency, sum(l.net - l.net_at_rate)::bigint AS amount
FROM hourline.invoice_line l
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
WHERE l.net_at_rate IS NOT NULL
GROUP BY 1 ORDER BY 1;

-- name: receivable_by_currency
-- purpose: What invoices and credit notes put on receivable in the ledger, in minor units.
SELECT currency, sum(CASE WHEN debit = %(receivable)s THEN amount ELSE -amount END)::bigint AS amount
FROM hourline.journal_line
WHERE %(receivable)s IN (debit, credit) AND effect IN (%(sale)s, %(tax)s)
GROUP BY 1 ORDER BY 1;

-- name: receivable_in_books
-- purpose: What invoices and credit notes put on receivable by the currency of the books, in its minor units.
SELECT entity_currency, sum(CASE WHEN debit = %(receivable)s THEN entity_amount ELSE -entity_amount END)::bigint AS amount
FROM hourline.journal_line
WHERE %(receivable)s IN (debit, credit) AND effect IN (%(sale)s, %(tax)s)
GROUP BY 1 ORDER BY 1;

-- name: ledger_by_period
-- purpose: Debits and credits per entity, currency and period, in minor units, each summed from its own side.
SELECT i.id AS entity, period, currency, sum(debit)::bigint AS debit, sum(credit)::bigint AS credit
FROM (
    SELECT entity_no, to_char(accounting_date, 'YYYY-MM') AS period, entity_currency AS currency,
           greatest(entity_amount, 0) AS debit, 0 AS credit FROM hourline.journal_line
    UNION ALL
    SELECT entity_no, to_char(accounting_date, 'YYYY-MM'), entity_currency,
           0, greatest(entity_amount, 0) FROM hourline.journal_line
) sides
JOIN hourline.master_identity i ON i.master_no = entity_no
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: balances_by_role
-- purpose: The balance of every account role per entity, in minor units of its currency, debit positive.
SELECT i.id AS entity, sides.currency, sides.role, sum(sides.amount)::bigint AS amount
FROM (
    SELECT entity_no, entity_currency AS currency, debit AS role, entity_amount AS amount FROM hourline.journal_line
    UNION ALL
    SELECT entity_no, entity_currency, credit, -entity_amount FROM hourline.journal_line
) sides
JOIN hourline.master_identity i ON i.master_no = sides.entity_no
GROUP BY 1, 2, 3 HAVING sum(sides.amount) <> 0 ORDER BY 1, 2, 3;

-- name: intents_by_state
-- purpose: Posting intents per receiving system, kind of document and state.
SELECT c.name AS connection, p.kind, p.state, count(*)::bigint AS intents
FROM hourline.posting_intent p
JOIN hourline.connection c ON c.tenant = p.tenant AND c.connection_no = p.connection_no
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: unposted_lines
-- purpose: Journal lines that are on no journal yet, by effect.
SELECT j.effect, count(*)::bigint AS lines
FROM hourline.journal_line j
WHERE NOT EXISTS (SELECT FROM hourline.journal_member m WHERE m.tenant = j.tenant AND m.line_no = j.line_no)
GROUP BY 1 ORDER BY 1;
