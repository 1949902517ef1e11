-- name: lock_lender
-- purpose: Let one transaction at a time issue the intercompany invoices of a lender.
SELECT count(pg_advisory_xact_lock(hashtextextended(
    format('hourline.intercompany %%s %%s', control.current_tenant(), %(lender_no)s::integer), 0)))

-- name: open_transfers
-- purpose: Transfers of a pair up to a day that are on no intercompany invoice, and those on one that stopped counting.
SELECT found.entry_no, found.revision, found.mirrored, found.contract_no, found.work_date, found.seconds, found.currency,
       found.amount, found.accrues, found.lender_accrued, found.tax_rule_no, found.tax_rate_ppm, found.tax,
       found.lender_net, found.lender_tax, found.borrower_net, found.borrower_tax,
       found.cost_tax, found.borrower_cost_tax, d.contract_line_no, d.project_no, d.person_no
FROM (
    SELECT t.tenant, t.entry_no, t.revision, false AS mirrored, t.contract_no, t.work_date, t.seconds, t.currency,
           t.amount, t.accrues, t.lender_amount AS lender_accrued, NULL::integer AS tax_rule_no, 0 AS tax_rate_ppm,
           0::bigint AS tax, 0::bigint AS lender_net, 0::bigint AS lender_tax, 0::bigint AS borrower_net,
           0::bigint AS borrower_tax, 0::bigint AS cost_tax, 0::bigint AS borrower_cost_tax
    FROM hourline.transfer t
    WHERE t.lender_no = %(lender_no)s AND t.borrower_no = %(borrower_no)s AND t.work_date <= %(through)s
      AND NOT EXISTS (SELECT FROM hourline.supersession s
                      WHERE s.tenant = t.tenant AND s.entry_no = t.entry_no AND s.revision = t.revision)
      AND NOT EXISTS (SELECT FROM hourline.intercompany_line l
                      WHERE l.tenant = t.tenant AND l.entry_no = t.entry_no AND l.revision = t.revision)
    UNION ALL
    SELECT t.tenant, t.entry_no, t.revision, true, t.contract_no, t.work_date, t.seconds, t.currency, t.amount,
           t.accrues, t.lender_amount, l.tax_rule_no, l.tax_rate_ppm, l.tax, l.lender_net, l.lender_tax,
           l.borrower_net, l.borrower_tax, l.cost_tax, l.borrower_cost_tax
    FROM hourline.transfer t
    JOIN hourline.supersession s ON s.tenant = t.tenant AND s.entry_no = t.entry_no AND s.revision = t.revision
    JOIN hourline.intercompany_line l
        ON l.tenant = t.tenant AND l.entry_no = t.entry_no AND l.revision = t.revision AND NOT l.mirrored
    WHERE t.lender_no = %(lender_no)s AND t.borrower_no = %(borrower_no)s AND t.work_date <= %(through)s
      AND NOT EXISTS (SELECT FROM hourline.intercompany_line m
                      WHERE m.tenant = t.tenant AND m.entry_no = t.entry_no AND m.revision = t.revision AND m.mirrored)
) found
JOIN hourline.decision d ON d.tenant = found.tenant AND d.entry_no = found.entry_no AND d.revision = found.revision
JOIN hourline.time_entry e ON e.tenant = found.tenant AND e.entry_no = found.entry_no
ORDER BY found.currency, found.work_date, d.approved_at, e.source_id, found.entry_no, found.revision, found.mirrored DESC

-- name: insert_intercompany_invoice
-- purpose: Record an intercompany invoice or credit note.
INSERT INTO hourline.intercompany_invoice
    (document_no, kind, number, lender_no, borrower_no, through, invoice_date, currency, net, tax, total, lender_date,
     lender_currency, lender_total, borrower_date, borrower_currency, borrower_total, change_no)
VALUES
    (%(document_no)s, %(kind)s, %(number)s, %(lender_no)s, %(borrower_no)s, %(through)s, %(invoice_date)s,
     %(currency)s, %(net)s, %(tax)s, %(total)s, %(lender_date)s, %(lender_currency)s, %(lender_total)s,
     %(borrower_date)s, %(borrower_currency)s, %(borrower_total)s, %(change_no)s)

-- name: intercompany_invoices
-- purpose: The intercompany invoices and credit notes of a lender, of a borrower, or all, in the order they were issued.
SELECT h.number, h.kind, lender.id AS lender, borrower.id AS borrower, h.invoice_date, h.through, h.currency, h.net,
       h.tax, h.total, h.lender_date, h.lender_currency, h.lender_total, h.borrower_date, h.borrower_currency,
       h.borrower_total, (SELECT count(*) FROM hourline.intercompany_line l
                          WHERE l.tenant = h.tenant AND l.document_no = h.document_no)::integer AS lines
FROM hourline.intercompany_invoice h
JOIN hourline.master_identity lender ON lender.tenant = h.tenant AND lender.master_no = h.lender_no
JOIN hourline.master_identity borrower ON borrower.tenant = h.tenant AND borrower.master_no = h.borrower_no
WHERE coalesce(%(lender_no)s::integer, h.lender_no) = h.lender_no
  AND coalesce(%(borrower_no)s::integer, h.borrower_no) = h.borrower_no
ORDER BY h.document_no
