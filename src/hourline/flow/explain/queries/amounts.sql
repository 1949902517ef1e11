-- name: amounts_called
-- purpose: The milestones, months of fees, retainers and prepaid blocks with a name, its own or after that of its contract line.
SELECT r.contract_line_no, i.id AS contract_line, k.id AS contract, r.milestone, r.kind, r.reached_on, r.amount, r.currency,
       f.first_day, f.last_day, f.month_days, f.monthly_amount, b.description AS block
FROM hourline.milestone_reached r
JOIN hourline.master_identity i ON i.tenant = r.tenant AND i.master_no = r.contract_line_no
JOIN hourline.master_identity k ON k.tenant = r.tenant AND k.master_no = r.contract_no
LEFT JOIN hourline.recurring_month f
    ON f.tenant = r.tenant AND f.contract_line_no = r.contract_line_no AND f.milestone = r.milestone
LEFT JOIN hourline.sold_block b
    ON b.tenant = r.tenant AND b.contract_line_no = r.contract_line_no AND b.milestone = r.milestone
WHERE r.milestone = %(name)s OR i.id || '/' || r.milestone = %(name)s
ORDER BY i.id, r.milestone;

-- name: line_called
-- purpose: What the line of an invoice or credit note bills that is named as NUMBER/LINE: an entry with its source, or an amount.
SELECT t.source_id AS entry, c.name AS connection, l.revision, l.part, m.id AS contract_line, l.milestone
FROM hourline.invoice i
JOIN hourline.invoice_line l ON l.tenant = i.tenant AND l.document_no = i.document_no
JOIN hourline.master_identity m ON m.tenant = l.tenant AND m.master_no = l.contract_line_no
LEFT JOIN hourline.time_entry t ON t.tenant = l.tenant AND t.entry_no = l.entry_no
LEFT JOIN hourline.connection c ON c.tenant = t.tenant AND c.connection_no = t.connection_no
WHERE i.number || '/' || l.line_no = %(name)s;

-- name: drawn_of
-- purpose: What later invoices drew of a retainer, or a credit note gave back to it.
SELECT i.number, r.number AS retainer, c.number AS credit_note, d.gross, d.net, d.tax, i.currency
FROM hourline.drawdown d
JOIN hourline.invoice i ON i.tenant = d.tenant AND i.document_no = d.document_no
JOIN hourline.invoice r ON r.tenant = d.tenant AND r.document_no = d.retainer_document_no
JOIN hourline.invoice_line l ON l.tenant = d.tenant AND l.document_no = d.retainer_document_no AND l.line_no = d.retainer_line_no
LEFT JOIN hourline.invoice c ON c.tenant = d.tenant AND c.document_no = d.credit_note_no
WHERE l.contract_line_no = %(contract_line_no)s AND l.milestone = %(milestone)s
ORDER BY d.drawdown_no;
