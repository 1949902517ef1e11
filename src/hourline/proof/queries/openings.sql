-- name: openings_by_contract
-- purpose: What was taken over to bill per contract, currency and price base, and what of it is billed, open and reversed, each counted apart; work in seconds x price, amounts as they are.
WITH taken AS (
    SELECT o.*, x.position_no IS NOT NULL AS reversed FROM hourline.opening_position o
    LEFT JOIN hourline.opening_reversal x USING (tenant, position_no)
    WHERE o.kind IN (%(open_work)s, %(open_amount)s)
), work AS (
    SELECT t.contract_no, t.currency, t.rate_seconds,
           t.seconds::numeric * t.rate_amount AS opening,
           coalesce((SELECT sum(l.seconds * l.share_ppm) / 1000000.0 FROM hourline.invoice_line l WHERE l.tenant = t.tenant AND l.entry_no = t.entry_no
                     AND l.revision = t.revision AND l.part = t.part), 0) * t.rate_amount AS billed,
           CASE WHEN EXISTS (SELECT FROM hourline.supersession s WHERE s.tenant = t.tenant AND s.entry_no = t.entry_no
                             AND s.revision = t.revision) THEN 0
                ELSE p.seconds - coalesce(b.seconds_billed - b.weight_uneven / 1000000.0, 0) END::numeric * p.rate_amount AS open,
           CASE WHEN t.reversed THEN t.seconds::numeric * t.rate_amount ELSE 0 END AS reversed
    FROM taken t
    JOIN hourline.portion p ON p.tenant = t.tenant AND p.entry_no = t.entry_no AND p.revision = t.revision AND p.part = t.part
    LEFT JOIN hourline.billed_portion b ON b.tenant = p.tenant AND b.entry_no = p.entry_no AND b.revision = p.revision
        AND b.part = p.part
    WHERE t.kind = %(open_work)s
), amounts AS (
    SELECT t.contract_no, t.currency, 1::bigint AS rate_seconds, t.amount::numeric * %(price_scale)s AS opening,
           coalesce((SELECT sum(l.net) FROM hourline.invoice_line l WHERE l.tenant = t.tenant
                     AND l.contract_line_no = t.contract_line_no AND l.milestone = t.milestone), 0) * %(price_scale)s AS billed,
           CASE WHEN t.reversed THEN 0 ELSE m.amount - coalesce(b.amount_billed, 0) END::numeric * %(price_scale)s AS open,
           CASE WHEN t.reversed THEN t.amount ELSE 0 END::numeric * %(price_scale)s AS reversed
    FROM taken t
    JOIN hourline.milestone_reached m ON m.tenant = t.tenant AND m.contract_line_no = t.contract_line_no
        AND m.milestone = t.milestone
    LEFT JOIN hourline.billed_milestone b ON b.tenant = m.tenant AND b.contract_line_no = m.contract_line_no
        AND b.milestone = m.milestone
    WHERE t.kind = %(open_amount)s
)
SELECT i.id AS contract, currency, rate_seconds, sum(opening) AS opening, sum(billed) AS billed, sum(open) AS open,
       sum(reversed) AS reversed
FROM (SELECT * FROM work UNION ALL SELECT * FROM amounts) parts
JOIN hourline.master_identity i ON i.master_no = contract_no
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: opening_differs_from_ledger
-- purpose: Opening positions whose lines in the ledger, mirrors taken off, are not their balance, in minor units of the entity's currency.
WITH booked AS (
    SELECT cause, cause_no, cause_revision, sum(CASE WHEN mirror THEN -entity_amount ELSE entity_amount END) AS amount
    FROM hourline.journal_line WHERE effect = ANY(%(opening_effects)s::smallint[]) GROUP BY 1, 2, 3
)
SELECT 'batch ' || o.batch_no || ' row ' || o.row_no AS subject,
       CASE WHEN x.position_no IS NULL THEN o.entity_amount ELSE 0 END::numeric AS expected,
       coalesce(j.amount, 0) AS found
FROM hourline.opening_position o
LEFT JOIN hourline.opening_reversal x USING (tenant, position_no)
LEFT JOIN booked j ON j.cause_no = coalesce(o.entry_no, o.position_no) AND j.cause_revision = coalesce(o.revision, 0)
    AND j.cause = CASE WHEN o.entry_no IS NULL THEN %(cause_opening)s ELSE %(cause_entry)s END
WHERE coalesce(j.amount, 0) <> CASE WHEN x.position_no IS NULL THEN o.entity_amount ELSE 0 END
  -- Billed work is mirrored by what its invoices and credits left of it.
  AND NOT (x.position_no IS NOT NULL AND EXISTS (
      SELECT FROM hourline.invoice_line l WHERE l.tenant = o.tenant AND l.entry_no = o.entry_no AND l.revision = o.revision));

-- name: opening_sent_twice
-- purpose: Lines of opening balances the ERP was opened with that are on a journal all the same, in minor units.
SELECT 'journal ' || m.journal_no AS subject, 0::numeric AS expected, sum(l.entity_amount) AS found
FROM hourline.journal_line l
JOIN hourline.journal_member m ON m.tenant = l.tenant AND m.line_no = l.line_no
WHERE l.effect = %(opening)s
GROUP BY m.journal_no;

-- name: openings_called
-- purpose: The opening positions that a term means: their reference, an invoice they are on, a batch's file, a contract, or the position itself.
SELECT DISTINCT o.position_no FROM hourline.opening_position o
JOIN hourline.opening_batch b ON b.tenant = o.tenant AND b.batch_no = o.batch_no
JOIN hourline.opening_file f ON f.tenant = b.tenant AND f.file_hash = b.file_hash
JOIN hourline.master_identity k ON k.tenant = o.tenant AND k.master_no = o.contract_no
WHERE o.reference = %(term)s OR o.milestone = %(term)s OR f.name = %(term)s OR k.id = %(term)s OR EXISTS (
    SELECT FROM hourline.invoice_line l JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
    WHERE l.tenant = o.tenant AND i.number = %(term)s
      AND ((l.entry_no = o.entry_no AND l.revision = o.revision)
           OR (l.contract_line_no = o.contract_line_no AND l.milestone = o.milestone)))
ORDER BY o.position_no LIMIT %(limit)s;

-- name: entries_by_opening
-- purpose: Open work that was taken over with a file or for a contract.
SELECT DISTINCT o.entry_no FROM hourline.opening_position o
JOIN hourline.opening_batch b ON b.tenant = o.tenant AND b.batch_no = o.batch_no
JOIN hourline.opening_file f ON f.tenant = b.tenant AND f.file_hash = b.file_hash
JOIN hourline.master_identity k ON k.tenant = o.tenant AND k.master_no = o.contract_no
WHERE o.entry_no IS NOT NULL AND (f.name = %(term)s OR k.id = %(term)s)
ORDER BY o.entry_no LIMIT %(limit)s;

-- name: origins
-- purpose: Where opening positions come from: by their numbers, or those of an entry.
SELECT o.position_no, o.batch_no, o.row_no, o.kind, o.reference, o.entry_no, o.revision, k.id AS contract, o.milestone, o.dated,
       o.currency, o.amount, o.contract_asset, o.contract_liability, b.source, b.cut_over, f.name AS file,
       encode(b.file_hash, 'hex') AS sha256, b.proposer, b.approver, b.recorded_at, b.proposal_no,
       x.recorded_at AS reversed_at, x.reason AS reversed_because
FROM hourline.opening_position o
JOIN hourline.opening_batch b ON b.tenant = o.tenant AND b.batch_no = o.batch_no
JOIN hourline.opening_file f ON f.tenant = b.tenant AND f.file_hash = b.file_hash
JOIN hourline.master_identity k ON k.tenant = o.tenant AND k.master_no = o.contract_no
LEFT JOIN hourline.opening_reversal x ON x.tenant = o.tenant AND x.position_no = o.position_no
WHERE o.position_no = ANY(%(position_nos)s::bigint[]) OR o.entry_no = %(entry_no)s
ORDER BY o.position_no;

-- name: origin_documents
-- purpose: The invoices and credit notes an opening amount is on.
SELECT i.document_no, i.kind, i.number, i.invoice_date, l.line_no, l.net, l.tax, i.currency
FROM hourline.opening_position o
JOIN hourline.invoice_line l ON l.tenant = o.tenant AND l.contract_line_no = o.contract_line_no AND l.milestone = o.milestone
JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
WHERE o.position_no = %(position_no)s ORDER BY i.document_no, l.line_no;

-- name: origin_lines
-- purpose: The journal lines that an opening position caused, or that of its entry.
SELECT j.effect, j.mirror, j.debit, j.credit, j.entity_amount, j.entity_currency, j.accounting_date,
       ARRAY(SELECT m.journal_no FROM hourline.journal_member m
             WHERE m.tenant = j.tenant AND m.line_no = j.line_no ORDER BY 1) AS journal_nos
FROM hourline.opening_position o
JOIN hourline.journal_line j ON j.tenant = o.tenant AND j.effect = ANY(%(opening_effects)s::smallint[])
    AND (j.cause, j.cause_no, j.cause_revision) =
        (CASE WHEN o.entry_no IS NULL THEN %(cause_opening)s ELSE %(cause_entry)s END,
         coalesce(o.entry_no, o.position_no), coalesce(o.revision, 0))
WHERE o.position_no = %(position_no)s ORDER BY j.line_no;
