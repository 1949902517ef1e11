-- name: group_sums
-- purpose: What entities of a group booked on each role through a day, by accounting date; what two of them invoiced each other by the other one and the document's currency. Tax that is not recovered is no cost against the other.
WITH lines AS (
    SELECT l.entity_no, l.entity_currency, l.currency, l.accounting_date, l.debit, l.credit, l.amount, l.entity_amount,
           CASE l.entity_no WHEN i.lender_no THEN i.borrower_no WHEN i.borrower_no THEN i.lender_no END AS other_no,
           coalesce(x.cost_tax, 0) AS cost_tax, coalesce(x.borrower_cost_tax, 0) AS books_cost_tax
    FROM hourline.journal_line l
    LEFT JOIN hourline.intercompany_invoice i
        ON l.cause = %(cause_intercompany)s AND i.tenant = l.tenant AND i.document_no = l.cause_no
    LEFT JOIN hourline.intercompany_line x
        ON x.tenant = i.tenant AND x.document_no = i.document_no AND x.line_no = l.part
    WHERE l.entity_no = ANY(%(entity_nos)s::integer[]) AND l.accounting_date <= %(through)s
), sides AS (
    SELECT debit AS role, amount AS signed, entity_amount AS books_signed, lines.* FROM lines
    UNION ALL
    SELECT credit, -amount, -entity_amount, lines.* FROM lines
), parts AS (
    SELECT s.entity_no, s.entity_currency, s.role, s.accounting_date, part.*,
           CASE WHEN part.other_no IS NULL THEN NULL ELSE s.currency END AS document_currency
    FROM sides s
    CROSS JOIN LATERAL (
        SELECT s.role = ANY(%(roles_eliminated)s) AND s.other_no = ANY(%(entity_nos)s::integer[]) AS within,
               CASE s.role WHEN %(ic_cost)s THEN s.cost_tax ELSE 0 END AS kept,
               CASE s.role WHEN %(ic_cost)s THEN s.books_cost_tax ELSE 0 END AS books_kept
    ) AS of
    CROSS JOIN LATERAL (VALUES
        (CASE WHEN of.within THEN s.other_no END, s.signed - of.kept, s.books_signed - of.books_kept),
        (NULL, of.kept, of.books_kept)
    ) AS part (other_no, document_amount, amount)
)
SELECT e.id AS entity, p.entity_currency AS currency, p.role, p.accounting_date AS day, o.id AS against,
       p.document_currency, sum(p.document_amount)::bigint AS document_amount, sum(p.amount)::bigint AS amount
FROM parts p
JOIN hourline.master_identity e ON e.master_no = p.entity_no
LEFT JOIN hourline.master_identity o ON o.master_no = p.other_no
GROUP BY 1, 2, 3, 4, 5, 6
HAVING sum(p.amount) <> 0 OR (o.id IS NOT NULL AND sum(p.document_amount) <> 0)
ORDER BY 1, 3, 5, 6, 4
