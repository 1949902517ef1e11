-- name: keep_content
-- purpose: Keep the rows of a rulebook by their hash; the same rows are kept once.
INSERT INTO hourline.rulebook_content (content_hash, content) VALUES (%(content_hash)s, %(content)s)
ON CONFLICT (tenant, content_hash) DO NOTHING;

-- name: content
-- purpose: The rows of a rulebook by their hash.
SELECT content FROM hourline.rulebook_content WHERE content_hash = %(content_hash)s;

-- name: versions
-- purpose: Every published rulebook, the newest first.
SELECT version_no, based_on, draft_hash, content_hash, effective_on, proposal_no, reason, proposer, approver,
       first_change_no, change_no, recorded_at
FROM hourline.rulebook_version ORDER BY version_no DESC;

-- name: add_version
-- purpose: Record a published rulebook.
INSERT INTO hourline.rulebook_version (version_no, based_on, draft_hash, content_hash, effective_on, proposal_no,
    reason, proposer, approver, first_change_no, change_no)
VALUES (%(version_no)s, %(based_on)s, %(draft_hash)s, %(content_hash)s, %(effective_on)s, %(proposal_no)s,
    %(reason)s, %(proposer)s, %(approver)s, %(first_change_no)s, %(change_no)s);

-- name: owned_kinds
-- purpose: The kinds of which a connection owns a field, with the connection's name.
SELECT DISTINCT o.kind, c.name FROM hourline.field_owner o
JOIN hourline.connection c ON c.tenant = o.tenant AND c.connection_no = o.connection_no
WHERE o.kind = ANY(%(kinds)s) ORDER BY o.kind, c.name;
