-- name: contract_in_two_books
-- purpose: Contracts whose work in force and invoices not credited in full are of more than one legal entity or currency; 1 is one.
SELECT 'contract ' || i.id AS subject, 1::numeric AS expected, count(DISTINCT (b.entity_no, b.currency))::numeric AS found
FROM (
    SELECT d.contract_no, d.entity_no, d.currency FROM hourline.decision d
    WHERE NOT EXISTS (SELECT FROM hourline.supersession s
                      WHERE s.tenant = d.tenant AND s.entry_no = d.entry_no AND s.revision = d.revision)
      AND EXISTS (SELECT FROM hourline.portion p
                  LEFT JOIN hourline.billed_portion b ON b.tenant = p.tenant AND b.entry_no = p.entry_no
                      AND b.revision = p.revision AND b.part = p.part
                  WHERE p.tenant = d.tenant AND p.entry_no = d.entry_no AND p.revision = d.revision
                    AND p.fate <> %(non_billable)s
                    AND (p.seconds = 0 OR coalesce(b.seconds_written_off + b.seconds_left_out, 0) < p.seconds))
    UNION
    SELECT v.contract_no, v.entity_no, v.currency FROM hourline.invoice v
    LEFT JOIN LATERAL (SELECT sum(c.total) AS total FROM hourline.invoice c
                       WHERE c.tenant = v.tenant AND c.credits_document_no = v.document_no) AS credited ON true
    WHERE v.credits_document_no IS NULL AND v.total + coalesce(credited.total, 0) <> 0
) AS b
JOIN hourline.master_identity i ON i.master_no = b.contract_no
GROUP BY i.id
HAVING count(DISTINCT (b.entity_no, b.currency)) > 1;

-- name: books_in_two_currencies
-- purpose: Legal entities whose journal lines are in more than one currency of their books; 1 is one.
SELECT 'entity ' || i.id AS subject, 1::numeric AS expected, count(DISTINCT l.entity_currency)::numeric AS found
FROM hourline.journal_line l
JOIN hourline.master_identity i ON i.master_no = l.entity_no
GROUP BY i.id
HAVING count(DISTINCT l.entity_currency) > 1;
