-- name: add_proposal
-- purpose: Store a change that needs a second person.
INSERT INTO hourline.proposal (action, content, content_hash, reason, proposer, proposed_at, expires_at)
VALUES (%(action)s, %(content)s, %(content_hash)s, %(reason)s, %(proposer)s, %(proposed_at)s, %(expires_at)s)
RETURNING proposal_no;

-- name: proposal
-- purpose: One proposal, locked for its decision.
SELECT proposal_no, action, content, content_hash, reason, proposer, proposed_at, expires_at, state, approver
FROM hourline.proposal WHERE proposal_no = %(proposal_no)s FOR UPDATE;

-- name: open_proposals
-- purpose: Proposals a second person can still decide.
SELECT proposal_no, action, content, content_hash, reason, proposer, proposed_at, expires_at, state, approver
FROM hourline.proposal WHERE state = 'proposed' ORDER BY proposal_no;

-- name: decide_proposal
-- purpose: Close a proposal; the table refuses an approver who is the proposer.
UPDATE hourline.proposal SET state = %(state)s, approver = %(approver)s, decided_at = %(at)s
WHERE proposal_no = %(proposal_no)s AND state = 'proposed';
