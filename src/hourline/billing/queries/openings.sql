-- name: lock_openings
-- purpose: Let one transaction of a tenant take over or reverse opening positions at a time.
SELECT pg_advisory_xact_lock(hashtextextended('hourline.opening ' || control.current_tenant(), 0))

-- name: keep_opening_file
-- purpose: Keep a file as it came; the same file again is there already.
INSERT INTO hourline.opening_file (file_hash, name, content) VALUES (%(file_hash)s, %(name)s, %(content)s)
ON CONFLICT DO NOTHING

-- name: opening_file
-- purpose: A file as it came, by its hash.
SELECT name, content FROM hourline.opening_file WHERE file_hash = %(file_hash)s

-- name: batches_of_file
-- purpose: The batches in which a file is taken over for a connection, with positions that were not reversed.
SELECT DISTINCT b.batch_no FROM hourline.opening_batch b
JOIN hourline.opening_position p USING (tenant, batch_no)
WHERE b.file_hash = %(file_hash)s AND b.connection_no = %(connection_no)s
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = p.tenant AND x.position_no = p.position_no)
ORDER BY 1

-- name: references_taken
-- purpose: Which references of a kind are opening positions of a connection, with batch and row, not reversed.
SELECT p.kind, p.reference, p.batch_no, p.row_no FROM hourline.opening_position p
WHERE p.connection_no = %(connection_no)s AND p.reference = ANY(%(references)s::text[])
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = p.tenant AND x.position_no = p.position_no)

-- name: next_batch_no
-- purpose: The number of the next batch, under the lock.
SELECT coalesce(max(batch_no), 0) + 1 FROM hourline.opening_batch

-- name: insert_batch
-- purpose: Record that a file is taken over, from where and by whom.
INSERT INTO hourline.opening_batch
    (batch_no, connection_no, file_hash, source, cut_over, to_book, proposal_no, reason, proposer, approver)
VALUES (%(batch_no)s, %(connection_no)s, %(file_hash)s, %(source)s, %(cut_over)s, %(to_book)s, %(proposal_no)s,
        %(reason)s, %(proposer)s, %(approver)s)

-- name: new_position_nos
-- purpose: Draw numbers for positions.
SELECT array_agg(nextval('hourline.opening_no_seq')) FROM generate_series(1, %(count)s)

-- name: batches
-- purpose: Every batch with its provenance and how many of its positions were reversed.
SELECT b.batch_no, b.source, c.name AS connection, b.cut_over, b.to_book, f.name AS file, encode(b.file_hash, 'hex') AS sha256,
       b.proposer, b.approver, b.reason, b.recorded_at,
       (SELECT count(*) FROM hourline.opening_position p WHERE p.tenant = b.tenant AND p.batch_no = b.batch_no) AS positions,
       (SELECT count(*) FROM hourline.opening_position p JOIN hourline.opening_reversal x USING (tenant, position_no)
        WHERE p.tenant = b.tenant AND p.batch_no = b.batch_no) AS reversed
FROM hourline.opening_batch b
JOIN hourline.connection c ON c.tenant = b.tenant AND c.connection_no = b.connection_no
JOIN hourline.opening_file f ON f.tenant = b.tenant AND f.file_hash = b.file_hash
ORDER BY b.batch_no

-- name: positions_listed
-- purpose: The positions of a batch with what is billed of each, in seconds or in minor units, and whether it was reversed.
SELECT p.position_no, p.batch_no, p.row_no, p.kind, p.reference, k.id AS contract, l.id AS contract_line,
       p.contract_no, p.entry_no, p.revision, p.milestone, p.contract_line_no, p.dated, p.currency, p.seconds, p.amount,
       p.contract_asset, p.contract_liability, coalesce(bp.seconds_billed, 0) AS seconds_billed,
       coalesce(bm.amount_billed, 0) AS amount_billed, coalesce(bp.live_lines, 0) AS live_lines,
       x.position_no IS NOT NULL AS reversed, p.description
FROM hourline.opening_position p
JOIN hourline.master_identity k ON k.tenant = p.tenant AND k.master_no = p.contract_no
LEFT JOIN hourline.master_identity l ON l.tenant = p.tenant AND l.master_no = p.contract_line_no
LEFT JOIN hourline.billed_portion bp ON bp.tenant = p.tenant AND bp.entry_no = p.entry_no
    AND bp.revision = p.revision AND bp.part = p.part
LEFT JOIN hourline.billed_milestone bm ON bm.tenant = p.tenant AND bm.contract_line_no = p.contract_line_no
    AND bm.milestone = p.milestone
LEFT JOIN hourline.opening_reversal x ON x.tenant = p.tenant AND x.position_no = p.position_no
WHERE p.batch_no = %(batch_no)s AND (%(rows)s::integer[] IS NULL OR p.row_no = ANY(%(rows)s))
ORDER BY p.row_no

-- name: lines_of_openings
-- purpose: The journal lines of positions that no entry carries, to be mirrored; what nets a balance with its contract's is none.
SELECT j.cause_no, j.part, j.effect, j.entity_no, j.contract_no, j.project_no, j.person_no, j.debit, j.credit, j.currency,
       j.amount, j.entity_currency, j.entity_amount, j.accounting_date, j.document_date
FROM hourline.journal_line j
WHERE j.cause = %(cause_opening)s AND j.cause_no = ANY(%(position_nos)s::bigint[]) AND NOT j.mirror
  AND j.effect = ANY(%(effects)s::smallint[])
ORDER BY j.cause_no, j.part

-- name: reverse_positions
-- purpose: Record that positions were taken back.
INSERT INTO hourline.opening_reversal
    (position_no, contract_no, contract_line_no, milestone, proposal_no, reason, proposer, approver)
SELECT position_no, contract_no, contract_line_no, milestone, %(proposal_no)s, %(reason)s, %(proposer)s, %(approver)s
FROM hourline.opening_position WHERE position_no = ANY(%(position_nos)s::bigint[])
