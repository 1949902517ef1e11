-- name: lines_in_books
-- purpose: Every journal line of the entities and days asked for, with what caused it in words, in the order of the books.
SELECT l.line_no, l.accounting_date, l.document_date, e.id AS entity, l.debit, l.credit, l.effect, l.mirror,
       l.currency, l.amount, l.entity_currency, l.entity_amount,
       hourline.cause_name(l.cause, l.cause_no, l.cause_revision) AS cause_name
FROM hourline.journal_line l
JOIN hourline.master_identity e ON e.tenant = l.tenant AND e.master_no = l.entity_no
WHERE (%(entity)s::text IS NULL OR e.id = %(entity)s)
  AND l.accounting_date >= %(since)s AND l.accounting_date <= %(until)s
ORDER BY l.accounting_date, l.line_no
