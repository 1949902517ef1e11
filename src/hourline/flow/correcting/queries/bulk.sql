-- name: names_of_entries
-- purpose: What their sources call entries, in the order of their numbers.
SELECT e.entry_no, e.source_id AS entry, c.name AS source
FROM hourline.time_entry e
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
WHERE e.entry_no = ANY (%(entry_nos)s::bigint[])
ORDER BY e.entry_no

-- name: add_item
-- purpose: Keep what an entry of a bulk correction was shown to become.
INSERT INTO hourline.bulk_item (proposal_no, entry_no, figures)
VALUES (%(proposal_no)s, %(entry_no)s, %(figures)s::jsonb)

-- name: items
-- purpose: The entries of a bulk correction with what was shown of them and what became of them.
SELECT i.entry_no, e.source_id AS entry, c.name AS source, i.figures, i.state, i.problem, i.settled_at
FROM hourline.bulk_item i
JOIN hourline.time_entry e ON e.tenant = i.tenant AND e.entry_no = i.entry_no
JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
WHERE i.proposal_no = %(proposal_no)s
ORDER BY i.entry_no

-- name: lock_item
-- purpose: An entry of a bulk correction that is not settled yet, for this transaction alone; no row where it is settled.
SELECT figures FROM hourline.bulk_item
WHERE proposal_no = %(proposal_no)s AND entry_no = %(entry_no)s AND state = 'open'
FOR UPDATE

-- name: settle_item
-- purpose: Say what became of an entry of a bulk correction.
UPDATE hourline.bulk_item SET state = %(state)s, problem = %(problem)s::jsonb, settled_at = %(at)s
WHERE proposal_no = %(proposal_no)s AND entry_no = %(entry_no)s

-- name: proposal_of_bulk
-- purpose: A proposal, whatever became of it.
SELECT proposal_no, action, content, content_hash, reason, proposer, proposed_at, expires_at, state, approver
FROM hourline.proposal WHERE proposal_no = %(proposal_no)s
