-- name: entries_without_fate
-- purpose: Accepted revisions that are neither decided, nor waiting, nor replaced or recalled.
SELECT e.source_id || ' revision ' || v.revision AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.time_entry_version v
JOIN hourline.time_entry e ON e.tenant = v.tenant AND e.entry_no = v.entry_no
WHERE NOT EXISTS (SELECT FROM hourline.decision d
                  WHERE d.tenant = v.tenant AND d.entry_no = v.entry_no AND d.revision = v.revision)
  AND NOT EXISTS (SELECT FROM hourline.pending_entry p
                  WHERE p.tenant = v.tenant AND p.entry_no = v.entry_no AND p.revision = v.revision)
  AND NOT EXISTS (SELECT FROM hourline.supersession s
                  WHERE s.tenant = v.tenant AND s.entry_no = v.entry_no AND s.revision = v.revision)
  AND NOT EXISTS (SELECT FROM hourline.time_entry_recall r
                  WHERE r.tenant = v.tenant AND r.entry_no = v.entry_no AND r.revision >= v.revision)
  AND NOT EXISTS (SELECT FROM hourline.time_entry_version n
                  WHERE n.tenant = v.tenant AND n.entry_no = v.entry_no AND n.revision > v.revision);

-- name: worked_differs_from_portions
-- purpose: Decisions whose worked time and uplift are not the sum of their portions as they are now, in seconds.
SELECT d.entry_no || ' revision ' || d.revision AS subject,
       d.worked_seconds + d.uplift_seconds + coalesce(r.change, 0) AS expected, coalesce(p.seconds, 0) AS found
FROM hourline.decision d
LEFT JOIN (SELECT entry_no, revision, sum(uplift_change) AS change FROM hourline.day_rounding GROUP BY 1, 2) r
    USING (entry_no, revision)
LEFT JOIN (SELECT entry_no, revision, sum(seconds) AS seconds FROM hourline.portion_part GROUP BY 1, 2) p
    USING (entry_no, revision)
WHERE d.worked_seconds + d.uplift_seconds + coalesce(r.change, 0) <> coalesce(p.seconds, 0);

-- name: sold_differs_from_rounding
-- purpose: Revisions whose billable time, in parts that were not replaced, is not what the last rounding of their day made it, and replaced parts that no rounding replaced; in seconds.
SELECT r.entry_no || ' revision ' || r.revision AS subject, r.seconds_after::numeric AS expected,
       coalesce(sum(p.seconds) FILTER (WHERE coalesce(b.seconds_replaced, 0) = 0), 0) AS found
FROM (SELECT DISTINCT ON (entry_no, revision) * FROM hourline.day_rounding ORDER BY entry_no, revision, act_no DESC) r
LEFT JOIN hourline.portion p
    ON p.tenant = r.tenant AND p.entry_no = r.entry_no AND p.revision = r.revision AND p.fate = %(billable)s
LEFT JOIN hourline.billed_portion b
    ON b.tenant = p.tenant AND b.entry_no = p.entry_no AND b.revision = p.revision AND b.part = p.part
GROUP BY r.entry_no, r.revision, r.seconds_after
HAVING r.seconds_after <> coalesce(sum(p.seconds) FILTER (WHERE coalesce(b.seconds_replaced, 0) = 0), 0)
UNION ALL
SELECT b.entry_no || ' revision ' || b.revision || ' part ' || b.part, 0, b.seconds_replaced
FROM hourline.billed_portion b
WHERE b.seconds_replaced <> 0 AND NOT EXISTS (
    SELECT FROM hourline.day_rounding r
    WHERE r.tenant = b.tenant AND r.entry_no = b.entry_no AND r.revision = b.revision AND r.part > b.part);

-- name: billed_twice_or_uncounted
-- purpose: Portions of which not that is billed what their invoice lines less credits say, in seconds or units of an expense; of several customers each has it whole.
SELECT entry_no || ' revision ' || revision || ' part ' || part AS subject,
       (coalesce(b.seconds_billed + b.units_billed, 0) + coalesce(s.billed - s.most, 0))::numeric AS expected,
       coalesce(l.seconds + l.units, 0) AS found
FROM hourline.billed_portion b
LEFT JOIN (SELECT entry_no, revision, part, sum(seconds_billed + units_billed) AS billed,
                  max(seconds_billed + units_billed) AS most FROM hourline.portion_share GROUP BY 1, 2, 3) s
    USING (entry_no, revision, part)
FULL JOIN (SELECT entry_no, revision, part, sum(seconds) AS seconds, sum(units) AS units FROM hourline.invoice_line
           WHERE entry_no IS NOT NULL GROUP BY 1, 2, 3) l USING (entry_no, revision, part)
WHERE coalesce(b.seconds_billed + b.units_billed, 0) + coalesce(s.billed - s.most, 0)
      <> coalesce(l.seconds + l.units, 0);

-- name: given_up_without_act
-- purpose: Portions of which more or less is given up than people decided, in seconds.
SELECT entry_no || ' revision ' || revision || ' part ' || part AS subject,
       coalesce(a.seconds, 0)::numeric AS expected,
       coalesce(b.seconds_written_off + b.seconds_left_out, 0)::numeric AS found
FROM hourline.billed_portion b
FULL JOIN (SELECT entry_no, revision, part, sum(seconds) AS seconds FROM hourline.review_act
           WHERE kind IN (%(write_off)s, %(leave_out)s) GROUP BY 1, 2, 3) a USING (entry_no, revision, part)
WHERE coalesce(a.seconds, 0) <> coalesce(b.seconds_written_off + b.seconds_left_out, 0);

-- name: allotted_without_act
-- purpose: Portions of which more or less is prepaid or over a limit than the acts say, and acts that used more or less of blocks than they made prepaid; in seconds, of an expense in minor units.
SELECT entry_no || ' revision ' || revision || ' part ' || part AS subject,
       coalesce(a.quantity, 0)::numeric AS expected,
       CASE WHEN b.seconds = 0 THEN coalesce(b.amount_over_limit, 0)
            ELSE coalesce(b.seconds_prepaid + b.seconds_over_limit, 0) END::numeric AS found
FROM hourline.billed_portion b
FULL JOIN (SELECT entry_no, revision, part, sum(prepaid + over_line_day + over_contract_day + over_line_month + over_line_customer
                                                 + over_line + over_contract_month + over_contract_customer + over_contract) AS quantity, sum(prepaid) AS prepaid,
                  sum(amount_prepaid) AS amount_prepaid, sum(amount_over) AS amount_over
           FROM hourline.allotment_act GROUP BY 1, 2, 3) a USING (entry_no, revision, part)
WHERE (coalesce(a.prepaid, 0), coalesce(a.quantity, 0), coalesce(a.amount_prepaid, 0), coalesce(a.amount_over, 0))
      <> (coalesce(b.seconds_prepaid, 0),
          CASE WHEN b.seconds = 0 THEN coalesce(b.amount_over_limit, 0)
               ELSE coalesce(b.seconds_prepaid + b.seconds_over_limit, 0) END,
          coalesce(b.amount_prepaid, 0), coalesce(b.amount_over_limit, 0))
UNION ALL
SELECT 'allotment ' || a.allotment_no, a.prepaid::numeric, coalesce(sum(u.seconds), 0)
FROM hourline.allotment_act a
LEFT JOIN hourline.block_use u ON u.tenant = a.tenant AND u.allotment_no = a.allotment_no
GROUP BY a.allotment_no, a.prepaid
HAVING a.prepaid <> coalesce(sum(u.seconds), 0);

-- name: replaced_but_allotted
-- purpose: Portions of replaced or recalled revisions that still use prepaid hours or are over a limit, in seconds, of an expense in minor units.
SELECT b.entry_no || ' revision ' || b.revision AS subject, 0::numeric AS expected,
       (b.seconds_prepaid + CASE WHEN b.seconds = 0 THEN b.amount_over_limit ELSE b.seconds_over_limit END)::numeric AS found
FROM hourline.billed_portion b
JOIN hourline.supersession s ON s.tenant = b.tenant AND s.entry_no = b.entry_no AND s.revision = b.revision
WHERE b.seconds_prepaid <> 0 OR b.seconds_over_limit <> 0 OR b.amount_over_limit <> 0;

-- name: invoiced_above_limit
-- purpose: Contracts and contract lines of whose work more is invoiced, less credits, than their limit says now, in minor units.
WITH newest AS (
    SELECT DISTINCT ON (v.master_no) i.kind, i.id, v.master_no, v.content
    FROM hourline.master_version v
    JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
    WHERE i.kind IN ('contract', 'contract_line') ORDER BY v.master_no, v.change_no DESC
), work AS (
    SELECT l.contract_no, l.contract_line_no, i.currency, l.net FROM hourline.invoice_line l
    JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
    WHERE l.entry_no IS NOT NULL
), invoiced AS (
    SELECT contract_no AS master_no, currency, sum(net) AS net FROM work GROUP BY 1, 2
    UNION ALL
    SELECT contract_line_no, currency, sum(net) FROM work GROUP BY 1, 2
)
SELECT replace(n.kind, '_', ' ') || ' ' || n.id AS subject,
       (n.content->>'limit')::numeric * power(10::numeric, c.decimals) AS expected, w.net AS found
FROM newest n
JOIN invoiced w USING (master_no)
JOIN unnest(%(currencies)s::integer[], %(decimals)s::integer[]) AS c (currency, decimals) ON c.currency = w.currency
WHERE w.net > (n.content->>'limit')::numeric * power(10::numeric, c.decimals);

-- name: block_used_up_twice
-- purpose: Blocks of prepaid hours of which more is used than they have, in seconds.
SELECT 'prepaid block ' || i.id AS subject, (n.content->>'hours')::numeric * 3600 AS expected, u.seconds AS found
FROM (SELECT block_no, sum(seconds) AS seconds FROM hourline.block_use GROUP BY 1) u
JOIN hourline.master_identity i ON i.master_no = u.block_no
CROSS JOIN LATERAL (SELECT content FROM hourline.master_version v
                    WHERE v.tenant = i.tenant AND v.master_no = u.block_no ORDER BY v.change_no DESC LIMIT 1) n
WHERE u.seconds > (n.content->>'hours')::numeric * 3600 OR u.seconds < 0;

-- name: earned_without_invoice
-- purpose: Sold blocks of which more is earned than invoiced less credits, or less than nothing, in minor units.
SELECT 'prepaid block ' || i.id AS subject, coalesce(sale.net, 0)::numeric AS expected, e.amount AS found
FROM (SELECT block_no, sum(amount) AS amount FROM hourline.block_earning GROUP BY 1) e
JOIN hourline.master_identity i ON i.master_no = e.block_no
JOIN hourline.sold_block k ON k.tenant = i.tenant AND k.block_no = e.block_no
LEFT JOIN LATERAL (SELECT sum(l.net) AS net FROM hourline.invoice_line l WHERE l.tenant = k.tenant
                   AND l.contract_line_no = k.contract_line_no AND l.milestone = k.milestone) AS sale ON true
WHERE e.amount NOT BETWEEN 0 AND coalesce(sale.net, 0);

-- name: earning_differs_from_ledger
-- purpose: Contracts of whose prepaid hours the ledger earned more or less than the blocks say, in minor units of the contract's currency.
WITH ledger AS (
    SELECT contract_no, sum(CASE WHEN credit = %(revenue)s THEN amount ELSE -amount END) AS amount
    FROM hourline.journal_line WHERE cause = %(cause_earning)s GROUP BY contract_no
), earned AS (
    SELECT contract_no, sum(amount) AS amount FROM hourline.block_earning GROUP BY contract_no
)
SELECT 'contract ' || coalesce(i.id, '?') AS subject, coalesce(e.amount, 0) AS expected, coalesce(g.amount, 0) AS found
FROM ledger g FULL JOIN earned e USING (contract_no)
LEFT JOIN hourline.master_identity i ON i.master_no = contract_no
WHERE coalesce(e.amount, 0) <> coalesce(g.amount, 0);

-- name: held_without_act
-- purpose: Entries that are out of billing though released or resumed last, or in it or out of it otherwise though held or postponed last; 0 is in it, 1 held, 6 postponed.
SELECT e.source_id AS subject, a.kind::numeric AS expected, coalesce(h.kind, 0)::numeric AS found
FROM (SELECT DISTINCT ON (entry_no) tenant, entry_no, CASE WHEN kind IN (%(hold)s, %(postpone)s) THEN kind ELSE 0 END AS kind
      FROM hourline.review_act
      WHERE kind IN (%(hold)s, %(release)s, %(postpone)s, %(resume)s) ORDER BY entry_no, act_no DESC) a
JOIN hourline.time_entry e ON e.tenant = a.tenant AND e.entry_no = a.entry_no
LEFT JOIN hourline.held_entry h ON h.tenant = a.tenant AND h.entry_no = a.entry_no
WHERE a.kind <> coalesce(h.kind, 0);

-- name: replaced_but_billed
-- purpose: Portions of replaced or recalled revisions that still stand on live invoice lines.
SELECT b.entry_no || ' revision ' || b.revision AS subject, 0::numeric AS expected,
       (b.seconds_billed + b.units_billed)::numeric AS found
FROM hourline.billed_portion b
JOIN hourline.supersession s ON s.tenant = b.tenant AND s.entry_no = b.entry_no AND s.revision = b.revision
WHERE b.seconds_billed <> 0 OR b.units_billed <> 0;

-- name: accrual_differs_from_open_work
-- purpose: Contracts whose work in progress in the books of an entity is not the accrued value of portions that were decided for it and are neither billed, given up, prepaid nor over a limit, in minor units of each currency.
WITH ledger AS (
    SELECT contract_no, entity_no, currency, sum(CASE WHEN debit = %(wip)s THEN amount ELSE -amount END) AS amount
    FROM hourline.journal_line WHERE %(wip)s IN (debit, credit) GROUP BY 1, 2, 3
), counted AS (
    -- In whose books work accrued, it must be reversed, whoever bills it.
    SELECT p.tenant, p.entry_no, p.revision, p.part, p.contract_no, d.entity_no, p.currency, p.accrued_amount
    FROM hourline.portion p
    JOIN hourline.decision d ON d.tenant = p.tenant AND d.entry_no = p.entry_no AND d.revision = p.revision
    WHERE NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = p.tenant
                      AND s.entry_no = p.entry_no AND s.revision = p.revision)
), open_work AS (
    SELECT contract_no, entity_no, currency, sum(amount) AS amount FROM (
        SELECT p.contract_no, p.entity_no, p.currency, p.accrued_amount AS amount FROM counted p
        WHERE NOT EXISTS (SELECT FROM hourline.billed_portion b WHERE b.tenant = p.tenant AND b.entry_no = p.entry_no
                          AND b.revision = p.revision AND b.part = p.part AND b.seconds_replaced <> 0)
        UNION ALL
        SELECT l.contract_no, p.entity_no, p.currency, -l.accrual_reversed FROM hourline.invoice_line l
        JOIN counted p ON p.tenant = l.tenant AND p.entry_no = l.entry_no AND p.revision = l.revision AND p.part = l.part
        UNION ALL
        SELECT l.contract_no, coalesce(o.entity_no, i.entity_no), coalesce(o.currency, i.currency), -l.accrual_reversed
        FROM hourline.invoice_line l
        JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
        LEFT JOIN hourline.opening_position o ON o.tenant = l.tenant AND o.contract_line_no = l.contract_line_no
                          AND o.milestone = l.milestone
        WHERE l.entry_no IS NULL
        UNION ALL
        SELECT o.contract_no, o.entity_no, o.currency, o.accrued FROM hourline.opening_position o
        WHERE o.entry_no IS NULL AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = o.tenant
                          AND x.position_no = o.position_no)
        UNION ALL
        SELECT p.contract_no, p.entity_no, p.currency, -a.accrual_reversed FROM hourline.review_act a
        JOIN counted p ON p.tenant = a.tenant AND p.entry_no = a.entry_no AND p.revision = a.revision AND p.part = a.part
        UNION ALL
        SELECT a.contract_no, p.entity_no, p.currency, -a.accrual_reversed FROM hourline.allotment_act a
        JOIN counted p ON p.tenant = a.tenant AND p.entry_no = a.entry_no AND p.revision = a.revision AND p.part = a.part
    ) parts GROUP BY 1, 2, 3
)
SELECT 'contract ' || coalesce(i.id, '?') || ' in ' || e.id AS subject, coalesce(o.amount, 0) AS expected,
       coalesce(g.amount, 0) AS found
FROM ledger g FULL JOIN open_work o USING (contract_no, entity_no, currency)
LEFT JOIN hourline.master_identity i ON i.master_no = contract_no
JOIN hourline.master_identity e ON e.master_no = entity_no
WHERE coalesce(o.amount, 0) <> coalesce(g.amount, 0)
ORDER BY 1;

-- name: cost_differs_from_decisions
-- purpose: Entities whose labour cost in the ledger is not the cost of the decisions in force, as it was corrected, with what vendors billed above or below it, in minor units.
WITH ledger AS (
    SELECT entity_no, sum(CASE WHEN debit = %(cost)s THEN amount ELSE -amount END) AS amount
    FROM hourline.journal_line WHERE %(cost)s IN (debit, credit) GROUP BY entity_no
), decided AS (
    SELECT entity_no, sum(amount) AS amount FROM (
        SELECT resourcing_entity_no AS entity_no, cost_amount AS amount FROM hourline.decision d
        WHERE NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = d.tenant
                          AND s.entry_no = d.entry_no AND s.revision = d.revision)
          AND NOT EXISTS (SELECT FROM hourline.priced_expense x WHERE x.tenant = d.tenant
                          AND x.entry_no = d.entry_no AND x.revision = d.revision)
        UNION ALL
        SELECT c.entity_no, c.cost_after - c.cost_before FROM hourline.cost_correction c
        WHERE NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = c.tenant
                          AND s.entry_no = c.entry_no AND s.revision = c.revision)
        UNION ALL
        SELECT m.entity_no, m.billed - m.cost FROM hourline.vendor_match m
        WHERE NOT EXISTS (SELECT FROM hourline.vendor_match_undone u WHERE u.tenant = m.tenant AND u.match_no = m.match_no)
    ) parts GROUP BY entity_no
)
SELECT 'entity ' || coalesce(i.id, '?') AS subject, coalesce(d.amount, 0) AS expected, coalesce(g.amount, 0) AS found
FROM ledger g FULL JOIN decided d USING (entity_no)
LEFT JOIN hourline.master_identity i ON i.master_no = entity_no
WHERE coalesce(d.amount, 0) <> coalesce(g.amount, 0);

-- name: expenses_differ_from_decisions
-- purpose: Entities whose expenses in the ledger are not the cost of the expenses in force, in minor units of their books.
WITH ledger AS (
    SELECT entity_no, sum(CASE WHEN debit = %(expense_cost)s THEN entity_amount ELSE -entity_amount END) AS amount
    FROM hourline.journal_line WHERE %(expense_cost)s IN (debit, credit) GROUP BY entity_no
), decided AS (
    SELECT d.entity_no, sum(d.cost_amount) AS amount
    FROM hourline.decision d
    JOIN hourline.priced_expense x ON x.tenant = d.tenant AND x.entry_no = d.entry_no AND x.revision = d.revision
    WHERE NOT EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = d.tenant
                      AND s.entry_no = d.entry_no AND s.revision = d.revision)
    GROUP BY d.entity_no
)
SELECT 'entity ' || coalesce(i.id, '?') AS subject, coalesce(d.amount, 0) AS expected, coalesce(g.amount, 0) AS found
FROM ledger g FULL JOIN decided d USING (entity_no)
LEFT JOIN hourline.master_identity i ON i.master_no = entity_no
WHERE coalesce(d.amount, 0) <> coalesce(g.amount, 0);

-- name: document_differs_from_lines
-- purpose: Invoices and credit notes whose net or tax is not the sum of their lines, in minor units.
SELECT i.number AS subject, (i.net + i.tax)::numeric AS expected, coalesce(sum(l.net + l.tax), 0) AS found
FROM hourline.invoice i
LEFT JOIN hourline.invoice_line l ON l.tenant = i.tenant AND l.document_no = i.document_no
GROUP BY i.document_no, i.number, i.net, i.tax
HAVING i.net <> coalesce(sum(l.net), 0) OR i.tax <> coalesce(sum(l.tax), 0);

-- name: document_differs_from_ledger
-- purpose: Invoices and credit notes whose total is not what their journal lines put on receivable, in minor units.
SELECT i.number AS subject, i.total::numeric AS expected,
       coalesce(sum(CASE WHEN j.debit = %(receivable)s THEN j.amount
                         WHEN j.credit = %(receivable)s THEN -j.amount END), 0) AS found
FROM hourline.invoice i
LEFT JOIN hourline.journal_line j
    ON j.tenant = i.tenant AND j.cause_no = i.document_no
   AND j.cause IN (%(cause_invoice)s, %(cause_credit_note)s)
   AND j.effect IN (%(sale)s, %(tax)s)
GROUP BY i.document_no, i.number, i.total
HAVING i.total <> coalesce(sum(CASE WHEN j.debit = %(receivable)s THEN j.amount
                                    WHEN j.credit = %(receivable)s THEN -j.amount END), 0);

-- name: journal_differs_from_members
-- purpose: Journals whose total is not the sum of the lines on them, in minor units of the entity's currency.
SELECT 'journal ' || j.journal_no AS subject, j.total::numeric AS expected, coalesce(sum(l.entity_amount), 0) AS found
FROM hourline.journal j
LEFT JOIN hourline.journal_member m
    ON m.tenant = j.tenant AND m.journal_no = j.journal_no AND m.connection_no = j.connection_no
LEFT JOIN hourline.journal_line l ON l.tenant = m.tenant AND l.line_no = m.line_no
GROUP BY j.journal_no, j.total
HAVING j.total <> coalesce(sum(l.entity_amount), 0);

-- name: sent_though_offset
-- purpose: Journal lines on a journal of a ledger that is sent neither them nor their mirror, and pairs that do not cancel out.
SELECT 'journal line ' || f.line_no AS subject, 0::numeric AS expected, count(*)::numeric AS found
FROM hourline.journal_offset f
JOIN hourline.journal_member m
    ON m.tenant = f.tenant AND m.connection_no = f.connection_no AND m.line_no IN (f.line_no, f.mirror_line_no)
WHERE f.cancelled_journal_no IS DISTINCT FROM m.journal_no OR m.line_no = f.mirror_line_no
GROUP BY f.line_no
UNION ALL
SELECT 'journal line ' || f.line_no, o.entity_amount::numeric, m.entity_amount::numeric
FROM hourline.journal_offset f
JOIN hourline.journal_line o ON o.tenant = f.tenant AND o.line_no = f.line_no
JOIN hourline.journal_line m ON m.tenant = f.tenant AND m.line_no = f.mirror_line_no
WHERE (o.cause, o.cause_no, o.cause_revision, o.part, o.effect, o.entity_no, o.debit, o.credit, o.entity_amount)
      <> (m.cause, m.cause_no, m.cause_revision, m.part, m.effect, m.entity_no, m.credit, m.debit, m.entity_amount)
   OR o.mirror OR NOT m.mirror;

-- name: rulebook_without_approval
-- purpose: Published rulebooks that are not what a second person approved; 1 is approved.
SELECT 'rulebook version ' || v.version_no AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.rulebook_version v
JOIN hourline.proposal p ON p.tenant = v.tenant AND p.proposal_no = v.proposal_no
WHERE p.state <> 'approved' OR p.approver <> v.approver OR p.proposer <> v.proposer
   OR p.content ->> 'sha256' IS DISTINCT FROM encode(v.draft_hash, 'hex');

-- name: redecided_otherwise
-- purpose: Revisions that were decided anew but are not the content of the one before, or did not take its place, and those that repeat a record of their source though nobody decided them anew.
SELECT e.source_id || ' revision ' || v.revision AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.time_entry_version v
JOIN hourline.time_entry e ON e.tenant = v.tenant AND e.entry_no = v.entry_no
JOIN hourline.time_entry_version o
    ON o.tenant = v.tenant AND o.entry_no = v.entry_no AND o.revision = v.revision - 1
LEFT JOIN hourline.redecision r ON r.tenant = v.tenant AND r.entry_no = v.entry_no AND r.revision = v.revision
LEFT JOIN hourline.supersession s ON s.tenant = o.tenant AND s.entry_no = o.entry_no AND s.revision = o.revision
LEFT JOIN hourline.expense_version vx ON vx.tenant = v.tenant AND vx.entry_no = v.entry_no AND vx.revision = v.revision
LEFT JOIN hourline.expense_version ox ON ox.tenant = o.tenant AND ox.entry_no = o.entry_no AND ox.revision = o.revision
LEFT JOIN LATERAL (
    SELECT p.worked_seconds, coalesce(p.billable_seconds, 0) AS billable_seconds, coalesce(x.cost, 0) AS cost,
           coalesce(x.tax, 0) AS tax
    FROM hourline.entry_split t
    JOIN hourline.time_entry_version p
        ON p.tenant = t.tenant AND p.entry_no = t.part_entry_no AND p.revision = t.part_revision
    LEFT JOIN hourline.expense_version x ON x.tenant = p.tenant AND x.entry_no = p.entry_no AND x.revision = p.revision
    WHERE t.tenant = v.tenant AND t.entry_no = v.entry_no AND t.revision = v.revision
) AS t ON true
WHERE (r.entry_no IS NOT NULL) <> ((v.delivery_no, v.position) = (o.delivery_no, o.position))
   OR r.entry_no IS NOT NULL AND (
       s.by_revision IS DISTINCT FROM v.revision
       OR (v.content_hash, v.person_ref, v.work_date, v.worked_seconds + coalesce(t.worked_seconds, 0),
           v.billable_seconds + coalesce(t.billable_seconds, 0), v.price, v.approved_at,
           coalesce(v.source_project_ref, v.project_ref), vx.cost + coalesce(t.cost, 0), vx.tax + coalesce(t.tax, 0))
          IS DISTINCT FROM
          (o.content_hash, o.person_ref, o.work_date, o.worked_seconds, o.billable_seconds, o.price, o.approved_at,
           coalesce(o.source_project_ref, o.project_ref), ox.cost, ox.tax)
       OR (r.kind = %(split)s) <> (t.worked_seconds IS NOT NULL)
       OR r.kind IN (%(reprice)s, %(split)s) AND v.project_ref <> o.project_ref)
UNION ALL
SELECT r.entry_no || ' revision ' || r.revision, 1, 0
FROM hourline.redecision r
WHERE NOT EXISTS (SELECT FROM hourline.time_entry_version o
                  WHERE o.tenant = r.tenant AND o.entry_no = r.entry_no AND o.revision = r.revision - 1);

-- name: redecided_without_approval
-- purpose: Revisions that were priced anew, or decided anew in bulk, though no second person approved that of the entry, and entries said to be so that are not.
SELECT r.entry_no || ' revision ' || r.revision AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.redecision r
WHERE (r.kind = %(reprice)s OR r.proposal_no IS NOT NULL) AND NOT EXISTS (
    SELECT FROM hourline.bulk_item i
    JOIN hourline.proposal p ON p.tenant = i.tenant AND p.proposal_no = i.proposal_no
    WHERE i.tenant = r.tenant AND i.proposal_no = r.proposal_no AND i.entry_no = r.entry_no AND i.state = 'applied'
      AND p.state = 'approved')
UNION ALL
SELECT i.entry_no || ' as approved', 1, 0
FROM hourline.bulk_item i
JOIN hourline.proposal p ON p.tenant = i.tenant AND p.proposal_no = i.proposal_no
WHERE i.state = 'applied' AND p.content ->> 'act' IN ('reprice', 'transfer', 'rebill') AND NOT EXISTS (
    SELECT FROM hourline.redecision r
    WHERE r.tenant = i.tenant AND r.entry_no = i.entry_no AND r.proposal_no = i.proposal_no)
  AND NOT EXISTS (
    SELECT FROM hourline.cost_correction c
    WHERE c.tenant = i.tenant AND c.entry_no = i.entry_no AND c.proposal_no = i.proposal_no);
