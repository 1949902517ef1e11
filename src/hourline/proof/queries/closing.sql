-- name: kept_record_lost
-- purpose: Records that were kept from having an effect and that are not kept apart to be let in; 1 is kept.
SELECT 'record ' || r.position || ' of delivery ' || r.delivery_no AS subject, 1::numeric AS expected, 0::numeric AS found
FROM hourline.source_record r
WHERE r.outcome = %(kept)s AND NOT EXISTS (
    SELECT FROM hourline.kept_record k
    WHERE k.tenant = r.tenant AND k.entry_no = r.entry_no AND k.revision IS NOT DISTINCT FROM r.revision
      AND k.content_hash = r.content_hash);

-- name: kept_record_differs_from_effect
-- purpose: Records kept apart that have an effect though nothing let them in, or none though they were accepted; 1 is an effect.
SELECT 'record ' || k.position || ' of delivery ' || k.delivery_no AS subject,
       (k.outcome IS NOT DISTINCT FROM %(accepted)s)::integer::numeric AS expected,
       (v.entry_no IS NOT NULL)::integer::numeric AS found
FROM hourline.kept_record k
LEFT JOIN hourline.time_entry_version v
    ON v.tenant = k.tenant AND v.entry_no = k.entry_no AND v.delivery_no = k.delivery_no AND v.position = k.position
WHERE (k.outcome IS NOT DISTINCT FROM %(accepted)s) <> (v.entry_no IS NOT NULL);

-- name: booked_into_shut_month
-- purpose: Decided work on an accounting date whose month was closed or soft-closed, for all or for work in progress, in the master data it was decided with; 0 is none.
SELECT d.entry_no || ' revision ' || d.revision AS subject, 0::numeric AS expected, 1::numeric AS found
FROM hourline.shut_month AS shut
JOIN hourline.decision d
    ON d.entity_no = shut.entity_no AND d.accounting_date >= shut.first_day
   AND d.accounting_date < shut.first_day + interval '1 month'
   AND d.change_no >= shut.change_no AND d.change_no < coalesce(shut.next_change_no, d.change_no + 1)
WHERE (shut.ledger IS NULL OR shut.ledger = %(work_in_progress)s)
  AND NOT EXISTS (SELECT FROM hourline.opening_position o
                  WHERE o.tenant = d.tenant AND o.entry_no = d.entry_no AND o.revision = d.revision);

-- name: line_in_shut_subledger
-- purpose: Journal lines of decided work in a month that was closed or soft-closed for their subledger in the master data it was decided with, or its cost corrected with; 0 is none.
SELECT l.cause_no || ' revision ' || l.cause_revision || ' part ' || l.part || ' effect ' || l.effect AS subject,
       0::numeric AS expected, 1::numeric AS found
FROM hourline.shut_month AS shut
JOIN unnest(%(effects)s::smallint[], %(ledgers)s::text[]) AS of (effect, ledger) ON of.ledger = shut.ledger
JOIN hourline.journal_line l
    ON l.entity_no = shut.entity_no AND l.effect = of.effect AND l.cause = %(cause_entry)s AND NOT l.mirror
   AND l.accounting_date >= shut.first_day AND l.accounting_date < shut.first_day + interval '1 month'
JOIN hourline.decision d ON d.tenant = l.tenant AND d.entry_no = l.cause_no AND d.revision = l.cause_revision
LEFT JOIN hourline.cost_correction c
    ON l.effect = %(effect_cost)s AND c.tenant = l.tenant AND c.entry_no = l.cause_no AND c.revision = l.cause_revision
   AND c.correction_no = l.part
CROSS JOIN LATERAL (SELECT coalesce(c.change_no, d.change_no) AS change_no) AS decided
WHERE decided.change_no >= shut.change_no AND decided.change_no < coalesce(shut.next_change_no, decided.change_no + 1);

-- name: document_in_closed_month
-- purpose: Invoices and credit notes in a month that was closed, for all or for receivables, in the master data they were issued with; 0 is none.
SELECT i.number AS subject, 0::numeric AS expected, 1::numeric AS found
FROM hourline.shut_month AS shut
JOIN hourline.invoice i
    ON i.entity_no = shut.entity_no AND i.accounting_date >= shut.first_day
   AND i.accounting_date < shut.first_day + interval '1 month'
   AND i.change_no >= shut.change_no AND i.change_no < coalesce(shut.next_change_no, i.change_no + 1)
WHERE shut.is_closed AND (shut.ledger IS NULL OR shut.ledger = %(receivables)s);
