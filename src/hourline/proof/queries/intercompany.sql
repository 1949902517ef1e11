-- name: lent_without_transfer
-- purpose: Time in force of a person another than the contracting entity provides that has no transfer, or one of other parties, months or seconds; 1 is as it must be.
SELECT e.source_id || ' revision ' || d.revision AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.decision d
JOIN hourline.time_entry e ON e.tenant = d.tenant AND e.entry_no = d.entry_no
LEFT JOIN hourline.transfer t ON t.tenant = d.tenant AND t.entry_no = d.entry_no AND t.revision = d.revision
WHERE CASE WHEN t.entry_no IS NULL
      THEN d.resourcing_entity_no <> d.entity_no
           AND NOT EXISTS (SELECT FROM hourline.priced_expense x
                           WHERE x.tenant = d.tenant AND x.entry_no = d.entry_no AND x.revision = d.revision)
           AND NOT EXISTS (SELECT FROM hourline.opening_position o
                           WHERE o.tenant = d.tenant AND o.entry_no = d.entry_no AND o.revision = d.revision)
      ELSE (t.lender_no, t.borrower_no, t.contract_no, t.work_date, t.seconds, t.borrower_date)
           IS DISTINCT FROM (d.resourcing_entity_no, d.entity_no, d.contract_no, d.work_date, d.worked_seconds,
                             d.accounting_date) END;

-- name: ic_accrual_differs_from_open_transfers
-- purpose: Lenders whose intercompany work in progress is not what their transfers still to invoice accrued less those to take back, in minor units of their books and of the transfer currency.
WITH ledger AS (
    SELECT entity_no, currency, sum(CASE WHEN debit = %(ic_wip)s THEN amount ELSE -amount END) AS amount,
           sum(CASE WHEN debit = %(ic_wip)s THEN entity_amount ELSE -entity_amount END) AS entity_amount
    FROM hourline.journal_line WHERE %(ic_wip)s IN (debit, credit) GROUP BY entity_no, currency
), standing AS (
    -- In force it accrues until it is invoiced; stopped after that, against itself until it is taken back.
    SELECT t.lender_no AS entity_no, t.currency, t.amount, t.lender_amount,
           CASE WHEN s.entry_no IS NULL THEN 1 ELSE 0 END
           - coalesce((SELECT sum(CASE WHEN l.mirrored THEN -1 ELSE 1 END) FROM hourline.intercompany_line l
                       WHERE l.tenant = t.tenant AND l.entry_no = t.entry_no AND l.revision = t.revision), 0) AS times
    FROM hourline.transfer t
    LEFT JOIN hourline.supersession s ON s.tenant = t.tenant AND s.entry_no = t.entry_no AND s.revision = t.revision
    WHERE t.accrues
), transfers AS (
    SELECT entity_no, currency, sum(times * amount) AS amount, sum(times * lender_amount) AS entity_amount
    FROM standing GROUP BY entity_no, currency
)
SELECT 'entity ' || coalesce(i.id, '?') AS subject, side.expected, side.found
FROM ledger g FULL JOIN transfers t USING (entity_no, currency)
LEFT JOIN hourline.master_identity i ON i.master_no = entity_no
CROSS JOIN LATERAL (VALUES (coalesce(t.amount, 0), coalesce(g.amount, 0)),
                           (coalesce(t.entity_amount, 0), coalesce(g.entity_amount, 0))) AS side (expected, found)
WHERE side.expected <> side.found;

-- name: ic_line_differs_from_transfer
-- purpose: Lines of intercompany invoices that are not their transfer or its exact mirror, in minor units; and transfers taken back though they count, or were never invoiced before.
SELECT i.number || ' line ' || l.line_no AS subject, side.expected::numeric AS expected, side.found::numeric AS found
FROM hourline.intercompany_line l
JOIN hourline.intercompany_invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
JOIN hourline.transfer t ON t.tenant = l.tenant AND t.entry_no = l.entry_no AND t.revision = l.revision
LEFT JOIN hourline.intercompany_line o
    ON o.tenant = l.tenant AND o.entry_no = l.entry_no AND o.revision = l.revision AND NOT o.mirrored
   AND o.document_no < l.document_no
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.mirrored THEN -1 ELSE 1 END AS sign,
           EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = l.tenant AND s.entry_no = l.entry_no
                   AND s.revision = l.revision) AS stopped
) AS way
CROSS JOIN LATERAL (VALUES
    (way.sign * t.amount, l.net),
    (way.sign * t.seconds, l.seconds),
    (CASE WHEN t.accrues THEN way.sign * t.amount ELSE 0 END, l.accrual_reversed),
    (way.sign * t.lender_amount, l.lender_accrual_reversed),
    (t.lender_no::bigint, i.lender_no::bigint),
    (t.borrower_no::bigint, i.borrower_no::bigint),
    (t.currency::bigint, i.currency::bigint),
    (CASE WHEN l.mirrored THEN -coalesce(o.tax, 0) ELSE l.tax END, l.tax),
    (CASE WHEN l.mirrored THEN -coalesce(o.lender_net + o.lender_tax, 0) ELSE l.lender_net + l.lender_tax END,
     l.lender_net + l.lender_tax),
    (CASE WHEN l.mirrored THEN -coalesce(o.borrower_net + o.borrower_tax, 0) ELSE l.borrower_net + l.borrower_tax END,
     l.borrower_net + l.borrower_tax),
    (CASE WHEN l.mirrored THEN -coalesce(o.cost_tax, 0) ELSE least(greatest(l.cost_tax, 0), l.tax) END, l.cost_tax),
    (CASE WHEN l.mirrored THEN -coalesce(o.borrower_cost_tax, 0)
          ELSE least(greatest(l.borrower_cost_tax, 0), l.borrower_tax) END, l.borrower_cost_tax),
    (0, (l.mirrored AND NOT (way.stopped AND o.entry_no IS NOT NULL))::integer)
) AS side (expected, found)
WHERE side.expected <> side.found;

-- name: ic_invoice_differs_from_lines
-- purpose: Intercompany invoices of which net, tax or a side's total is not the sum of their lines, in minor units.
SELECT i.number AS subject, side.expected::numeric AS expected, side.found::numeric AS found
FROM hourline.intercompany_invoice i
LEFT JOIN LATERAL (
    SELECT coalesce(sum(net), 0) AS net, coalesce(sum(tax), 0) AS tax,
           coalesce(sum(lender_net + lender_tax), 0) AS lender, coalesce(sum(borrower_net + borrower_tax), 0) AS borrower
    FROM hourline.intercompany_line l WHERE l.tenant = i.tenant AND l.document_no = i.document_no
) AS lines ON true
CROSS JOIN LATERAL (VALUES (i.net, lines.net), (i.tax, lines.tax), (i.lender_total, lines.lender),
                           (i.borrower_total, lines.borrower)) AS side (expected, found)
WHERE side.expected <> side.found;

-- name: ic_invoice_differs_from_ledger
-- purpose: Intercompany invoices whose total is not what the lender has on receivable and the borrower on payable, or whose net with the tax that is not recovered is not what the borrower has on cost, in the document's currency and in each one's own.
WITH moved AS (
    SELECT cause_no, entity_no,
           sum(CASE WHEN debit = %(ic_receivable)s THEN amount WHEN credit = %(ic_receivable)s THEN -amount END) AS receivable,
           sum(CASE WHEN debit = %(ic_receivable)s THEN entity_amount
                    WHEN credit = %(ic_receivable)s THEN -entity_amount END) AS receivable_books,
           sum(CASE WHEN credit = %(ic_payable)s THEN amount WHEN debit = %(ic_payable)s THEN -amount END) AS payable,
           sum(CASE WHEN credit = %(ic_payable)s THEN entity_amount
                    WHEN debit = %(ic_payable)s THEN -entity_amount END) AS payable_books,
           sum(CASE WHEN debit = %(ic_cost)s THEN amount WHEN credit = %(ic_cost)s THEN -amount END) AS cost,
           sum(CASE WHEN debit = %(ic_cost)s THEN entity_amount
                    WHEN credit = %(ic_cost)s THEN -entity_amount END) AS cost_books
    FROM hourline.journal_line WHERE cause = %(cause_intercompany)s GROUP BY cause_no, entity_no
)
SELECT i.number AS subject, side.expected::numeric AS expected, coalesce(side.found, 0) AS found
FROM hourline.intercompany_invoice i
LEFT JOIN moved lender ON lender.cause_no = i.document_no AND lender.entity_no = i.lender_no
LEFT JOIN moved borrower ON borrower.cause_no = i.document_no AND borrower.entity_no = i.borrower_no
LEFT JOIN LATERAL (SELECT sum(l.net + l.cost_tax) AS cost, sum(l.borrower_net + l.borrower_cost_tax) AS cost_books
                   FROM hourline.intercompany_line l
                   WHERE l.tenant = i.tenant AND l.document_no = i.document_no) AS lines ON true
CROSS JOIN LATERAL (VALUES (i.total, lender.receivable), (i.lender_total, lender.receivable_books),
                           (i.total, borrower.payable), (i.borrower_total, borrower.payable_books),
                           (coalesce(lines.cost, 0), borrower.cost), (coalesce(lines.cost_books, 0), borrower.cost_books))
    AS side (expected, found)
WHERE side.expected <> coalesce(side.found, 0);

-- name: ic_receivable_differs_from_payable
-- purpose: Currencies in which all lenders' intercompany receivables are not all borrowers' payables, or revenue is not cost without the tax that is not recovered, whatever booked them; in minor units.
SELECT 'currency ' || currency AS subject, side.expected::numeric AS expected, side.found::numeric AS found
FROM (
    SELECT currency,
           sum(CASE WHEN debit = %(ic_receivable)s THEN amount WHEN credit = %(ic_receivable)s THEN -amount ELSE 0 END) AS receivable,
           sum(CASE WHEN credit = %(ic_payable)s THEN amount WHEN debit = %(ic_payable)s THEN -amount ELSE 0 END) AS payable,
           sum(CASE WHEN credit = %(ic_revenue)s THEN amount WHEN debit = %(ic_revenue)s THEN -amount ELSE 0 END) AS revenue,
           sum(CASE WHEN debit = %(ic_cost)s THEN amount WHEN credit = %(ic_cost)s THEN -amount ELSE 0 END) AS cost
    FROM hourline.journal_line
    WHERE debit IN (%(ic_receivable)s, %(ic_payable)s, %(ic_revenue)s, %(ic_cost)s)
       OR credit IN (%(ic_receivable)s, %(ic_payable)s, %(ic_revenue)s, %(ic_cost)s)
    GROUP BY currency
) AS sums
LEFT JOIN LATERAL (
    SELECT sum(l.cost_tax) AS tax FROM hourline.intercompany_invoice i
    JOIN hourline.intercompany_line l ON l.tenant = i.tenant AND l.document_no = i.document_no
    WHERE i.currency = sums.currency AND l.cost_tax <> 0
) AS kept ON true
CROSS JOIN LATERAL (VALUES (receivable, payable), (revenue, cost - coalesce(kept.tax, 0))) AS side (expected, found)
WHERE side.expected <> side.found;

-- name: ic_pairs
-- purpose: Per pair of entities, currency and month of the books what one side has against the other, in the document's currency and in each one's own; tax that is not recovered is no cost against the other.
SELECT lender.id AS lender, borrower.id AS borrower, m.currency, m.lender_currency, m.borrower_currency, m.period,
       sum(m.revenue)::bigint AS revenue, sum(m.cost)::bigint AS cost, sum(m.receivable)::bigint AS receivable,
       sum(m.payable)::bigint AS payable, sum(m.revenue_books)::bigint AS revenue_books,
       sum(m.cost_books)::bigint AS cost_books, sum(m.receivable_books)::bigint AS receivable_books,
       sum(m.payable_books)::bigint AS payable_books
FROM (
    SELECT i.lender_no, i.borrower_no, i.currency, i.lender_currency, i.borrower_currency,
           date_trunc('month', l.accounting_date)::date AS period,
           CASE WHEN l.credit = %(ic_revenue)s THEN l.amount WHEN l.debit = %(ic_revenue)s THEN -l.amount ELSE 0 END AS revenue,
           CASE WHEN l.debit = %(ic_cost)s THEN l.amount - coalesce(x.cost_tax, 0)
                WHEN l.credit = %(ic_cost)s THEN -l.amount - coalesce(x.cost_tax, 0) ELSE 0 END AS cost,
           CASE WHEN l.debit = %(ic_receivable)s THEN l.amount
                WHEN l.credit = %(ic_receivable)s THEN -l.amount ELSE 0 END AS receivable,
           CASE WHEN l.credit = %(ic_payable)s THEN l.amount WHEN l.debit = %(ic_payable)s THEN -l.amount ELSE 0 END AS payable,
           CASE WHEN l.credit = %(ic_revenue)s THEN l.entity_amount
                WHEN l.debit = %(ic_revenue)s THEN -l.entity_amount ELSE 0 END AS revenue_books,
           CASE WHEN l.debit = %(ic_cost)s THEN l.entity_amount - coalesce(x.borrower_cost_tax, 0)
                WHEN l.credit = %(ic_cost)s THEN -l.entity_amount - coalesce(x.borrower_cost_tax, 0) ELSE 0 END AS cost_books,
           CASE WHEN l.debit = %(ic_receivable)s THEN l.entity_amount
                WHEN l.credit = %(ic_receivable)s THEN -l.entity_amount ELSE 0 END AS receivable_books,
           CASE WHEN l.credit = %(ic_payable)s THEN l.entity_amount
                WHEN l.debit = %(ic_payable)s THEN -l.entity_amount ELSE 0 END AS payable_books
    FROM hourline.intercompany_invoice i
    JOIN hourline.journal_line l ON l.tenant = i.tenant AND l.cause = %(cause_intercompany)s AND l.cause_no = i.document_no
    LEFT JOIN hourline.intercompany_line x ON x.tenant = l.tenant AND x.document_no = l.cause_no AND x.line_no = l.part
) AS m
JOIN hourline.master_identity lender ON lender.master_no = m.lender_no
JOIN hourline.master_identity borrower ON borrower.master_no = m.borrower_no
GROUP BY lender.id, borrower.id, m.currency, m.lender_currency, m.borrower_currency, m.period
ORDER BY lender.id, borrower.id, m.currency, m.period;

-- name: ic_open
-- purpose: What of each pair and currency is still to invoice or to take back, and what the lender accrued for it.
SELECT lender.id AS lender, borrower.id AS borrower, found.currency, found.lender_currency, found.taken_back,
       count(*)::integer AS transfers, min(found.work_date) AS first_day, max(found.work_date) AS last_day,
       sum(found.amount)::bigint AS amount, sum(found.lender_amount)::bigint AS accrued
FROM (
    SELECT t.lender_no, t.borrower_no, t.currency, t.lender_currency, t.work_date, t.amount, t.lender_amount,
           false AS taken_back
    FROM hourline.transfer t
    WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                      WHERE s.tenant = t.tenant AND s.entry_no = t.entry_no AND s.revision = t.revision)
      AND NOT EXISTS (SELECT FROM hourline.intercompany_line l
                      WHERE l.tenant = t.tenant AND l.entry_no = t.entry_no AND l.revision = t.revision)
    UNION ALL
    SELECT t.lender_no, t.borrower_no, t.currency, t.lender_currency, t.work_date, -t.amount, -t.lender_amount, true
    FROM hourline.intercompany_line l
    JOIN hourline.transfer t ON t.tenant = l.tenant AND t.entry_no = l.entry_no AND t.revision = l.revision
    JOIN hourline.supersession s ON s.tenant = l.tenant AND s.entry_no = l.entry_no AND s.revision = l.revision
    WHERE NOT l.mirrored
      AND NOT EXISTS (SELECT FROM hourline.intercompany_line m WHERE m.tenant = l.tenant AND m.entry_no = l.entry_no
                      AND m.revision = l.revision AND m.mirrored)
) AS found
JOIN hourline.master_identity lender ON lender.master_no = found.lender_no
JOIN hourline.master_identity borrower ON borrower.master_no = found.borrower_no
GROUP BY lender.id, borrower.id, found.currency, found.lender_currency, found.taken_back
ORDER BY lender.id, borrower.id, found.currency, found.taken_back;

-- name: story_transfers
-- purpose: What was charged between entities for an entry, revision by revision, and the documents it stands on.
SELECT t.revision, lender.id AS lender, borrower.id AS borrower, rule.id AS rule, t.model, t.seconds, t.currency, t.amount,
       t.lender_currency, t.lender_amount, t.lender_date, t.borrower_currency, t.borrower_amount,
       ARRAY(SELECT i.number || CASE WHEN l.mirrored THEN ' (taken back)' ELSE '' END
             FROM hourline.intercompany_line l
             JOIN hourline.intercompany_invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
             WHERE l.tenant = t.tenant AND l.entry_no = t.entry_no AND l.revision = t.revision
             ORDER BY l.document_no) AS documents
FROM hourline.transfer t
LEFT JOIN hourline.master_identity lender ON lender.tenant = t.tenant AND lender.master_no = t.lender_no
LEFT JOIN hourline.master_identity borrower ON borrower.tenant = t.tenant AND borrower.master_no = t.borrower_no
LEFT JOIN hourline.master_identity rule ON rule.tenant = t.tenant AND rule.master_no = t.rule_no
WHERE t.entry_no = %(entry_no)s ORDER BY t.revision;

-- name: entries_by_intercompany
-- purpose: Entries on an intercompany invoice or credit note with a number.
SELECT DISTINCT l.entry_no FROM hourline.intercompany_invoice i
JOIN hourline.intercompany_line l ON l.tenant = i.tenant AND l.document_no = i.document_no
WHERE i.number = %(term)s ORDER BY l.entry_no LIMIT %(limit)s;
