-- name: activities_of
-- purpose: What was done, as the source calls it, in some revisions.
SELECT v.entry_no, v.revision, v.activity_ref
FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[]) AS asked (entry_no, revision)
JOIN hourline.time_entry_version v USING (entry_no, revision)
WHERE v.activity_ref IS NOT NULL

-- name: tax_answer
-- purpose: The lines a tax engine answered to a question.
SELECT l.line_id, l.code, l.rate_ppm, l.tax FROM hourline.tax_answer_line l
WHERE l.question = %(question)s ORDER BY l.line_id

-- name: insert_tax_answer
-- purpose: Keep what a tax engine answered; the answer that is kept already stays.
INSERT INTO hourline.tax_answer (question, contract_no, connection, reference, asked)
VALUES (%(question)s, %(owner_no)s, %(connection)s, %(reference)s, %(asked)s)
ON CONFLICT DO NOTHING

-- name: insert_tax_answer_lines
-- purpose: Keep the lines of a tax engine's answer.
INSERT INTO hourline.tax_answer_line (question, line_id, contract_no, code, rate_ppm, tax)
SELECT %(question)s, line_id, %(owner_no)s, code, rate_ppm, tax
FROM unnest(%(line_id)s::text[], %(code)s::text[], %(rate_ppm)s::integer[], %(tax)s::bigint[])
     AS line (line_id, code, rate_ppm, tax)

-- name: use_tax_answer
-- purpose: Say which invoices have the tax that an engine answered, each with its place in the bill.
INSERT INTO hourline.tax_answer_use (document_no, question, place)
SELECT document_no, %(question)s, place
FROM unnest(%(document_no)s::bigint[]) WITH ORDINALITY AS used (document_no, place)

-- name: intercompany_tax_answer
-- purpose: The lines a tax engine answered to a question about an intercompany invoice.
SELECT l.line_id, l.code, l.rate_ppm, l.tax FROM hourline.intercompany_tax_answer_line l
WHERE l.question = %(question)s ORDER BY l.line_id

-- name: insert_intercompany_tax_answer
-- purpose: Keep what a tax engine answered about an intercompany invoice; the answer that is kept already stays.
INSERT INTO hourline.intercompany_tax_answer (question, entity_no, connection, reference, asked)
VALUES (%(question)s, %(owner_no)s, %(connection)s, %(reference)s, %(asked)s)
ON CONFLICT DO NOTHING

-- name: insert_intercompany_tax_answer_lines
-- purpose: Keep the lines of a tax engine's answer about an intercompany invoice.
INSERT INTO hourline.intercompany_tax_answer_line (question, line_id, entity_no, code, rate_ppm, tax)
SELECT %(question)s, line_id, %(owner_no)s, code, rate_ppm, tax
FROM unnest(%(line_id)s::text[], %(code)s::text[], %(rate_ppm)s::integer[], %(tax)s::bigint[])
     AS line (line_id, code, rate_ppm, tax)

-- name: use_intercompany_tax_answer
-- purpose: Say that an intercompany invoice has the tax that an engine answered.
INSERT INTO hourline.intercompany_tax_answer_use (document_no, question) VALUES (%(document_no)s, %(question)s)

-- name: transferred_work
-- purpose: What the source calls some revisions that one entity worked for another, and what was done in them.
SELECT v.entry_no, v.revision, e.source_id, v.activity_ref
FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[]) AS asked (entry_no, revision)
JOIN hourline.time_entry_version v USING (entry_no, revision)
JOIN hourline.time_entry e USING (tenant, entry_no)
