-- name: engine_tax_differs_from_answer
-- purpose: Let the engine have answered a cent more.
UPDATE hourline.tax_answer_line SET tax = tax + 1 WHERE tenant = %(tenant)s;

-- name: engine_answer_differs_from_lines
-- purpose: Let the engine have answered a line that the invoice has not.
INSERT INTO hourline.tax_answer_line (tenant, question, line_id, contract_no, code, rate_ppm, tax)
SELECT tenant, question, '1/2', contract_no, code, rate_ppm, tax FROM hourline.tax_answer_line WHERE tenant = %(tenant)s;

-- name: engine_ic_tax_differs_from_answer
-- purpose: Let the engine have answered a cent more of an intercompany invoice.
UPDATE hourline.intercompany_tax_answer_line SET tax = tax + 1 WHERE tenant = %(tenant)s;

-- name: engine_ic_answer_differs_from_lines
-- purpose: Let the engine have answered a line that the intercompany invoice has not.
INSERT INTO hourline.intercompany_tax_answer_line (tenant, question, line_id, entity_no, code, rate_ppm, tax)
SELECT tenant, question, '2', entity_no, code, rate_ppm, tax FROM hourline.intercompany_tax_answer_line WHERE tenant = %(tenant)s;
