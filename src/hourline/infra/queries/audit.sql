-- name: lock_audit
-- purpose: Append to a tenant's chain one at a time.
SELECT pg_advisory_xact_lock(7202, control.current_tenant());

-- name: audit_head
-- purpose: The last record of the chain.
SELECT sequence, hash FROM hourline.audit_record ORDER BY sequence DESC LIMIT 1;

-- name: append_audit
-- purpose: Append a manual change to the chain.
INSERT INTO hourline.audit_record
    (sequence, recorded_at, actor, action, subject, reason, before, after, approver, previous_hash, hash)
VALUES (%(sequence)s, %(recorded_at)s, %(actor)s, %(action)s, %(subject)s, %(reason)s, %(before)s, %(after)s,
        %(approver)s, %(previous_hash)s, %(hash)s);

-- name: audit_records
-- purpose: The whole chain in order.
SELECT sequence, recorded_at, actor, action, subject, reason, before, after, approver, previous_hash, hash
FROM hourline.audit_record ORDER BY sequence;
