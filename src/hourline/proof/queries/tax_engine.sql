-- name: engine_tax_differs_from_answer
-- purpose: Lines of invoices whose tax or its rate is not what the tax engine answered, or does not follow from rate and net within a minor unit, in minor units.
SELECT i.number || ' line ' || l.line_no AS subject, coalesce(a.tax, 0)::numeric AS expected, l.tax::numeric AS found
FROM hourline.tax_answer_use u
JOIN hourline.invoice i ON i.tenant = u.tenant AND i.document_no = u.document_no
JOIN hourline.invoice_line l ON l.tenant = u.tenant AND l.document_no = u.document_no
LEFT JOIN hourline.tax_answer_line a
    ON a.tenant = u.tenant AND a.question = u.question AND a.line_id = concat(u.place, '/', l.line_no)
WHERE (l.tax, l.tax_rate_ppm) IS DISTINCT FROM (a.tax, a.rate_ppm)
   OR abs(l.net::numeric * l.tax_rate_ppm / 1000000 - l.tax) > 1;

-- name: engine_answer_differs_from_lines
-- purpose: Invoices that have not as many lines as the tax engine decided of them.
SELECT i.number AS subject, a.lines::numeric AS expected, l.lines::numeric AS found
FROM hourline.tax_answer_use u
JOIN hourline.invoice i ON i.tenant = u.tenant AND i.document_no = u.document_no
CROSS JOIN LATERAL (SELECT count(*) AS lines FROM hourline.tax_answer_line a
                    WHERE a.tenant = u.tenant AND a.question = u.question
                      AND starts_with(a.line_id, u.place || '/')) AS a
CROSS JOIN LATERAL (SELECT count(*) AS lines FROM hourline.invoice_line l
                    WHERE l.tenant = u.tenant AND l.document_no = u.document_no) AS l
WHERE a.lines <> l.lines;

-- name: engine_ic_tax_differs_from_answer
-- purpose: New lines of intercompany invoices whose tax or its rate is not what the tax engine answered, or does not follow from rate and net within a minor unit, in minor units.
SELECT i.number || ' line ' || l.line_no AS subject, coalesce(a.tax, 0)::numeric AS expected, l.tax::numeric AS found
FROM hourline.intercompany_tax_answer_use u
JOIN hourline.intercompany_invoice i ON i.tenant = u.tenant AND i.document_no = u.document_no
JOIN hourline.intercompany_line l ON l.tenant = u.tenant AND l.document_no = u.document_no AND NOT l.mirrored
LEFT JOIN hourline.intercompany_tax_answer_line a
    ON a.tenant = u.tenant AND a.question = u.question AND a.line_id = l.line_no::text
WHERE (l.tax, l.tax_rate_ppm) IS DISTINCT FROM (a.tax, a.rate_ppm)
   OR abs(l.net::numeric * l.tax_rate_ppm / 1000000 - l.tax) > 1;

-- name: engine_ic_answer_differs_from_lines
-- purpose: Intercompany invoices that charge not as many lines as the tax engine decided of them.
SELECT i.number AS subject, a.lines::numeric AS expected, l.lines::numeric AS found
FROM hourline.intercompany_tax_answer_use u
JOIN hourline.intercompany_invoice i ON i.tenant = u.tenant AND i.document_no = u.document_no
CROSS JOIN LATERAL (SELECT count(*) AS lines FROM hourline.intercompany_tax_answer_line a
                    WHERE a.tenant = u.tenant AND a.question = u.question) AS a
CROSS JOIN LATERAL (SELECT count(*) AS lines FROM hourline.intercompany_line l
                    WHERE l.tenant = u.tenant AND l.document_no = u.document_no AND NOT l.mirrored) AS l
WHERE a.lines <> l.lines;
