-- name: controls
-- purpose: What documents of a kind say in our books, for the control totals of a group.
SELECT kind, document_no, number, entity_no, accounting_date, currency, total, effect FROM (
    SELECT i.kind, i.document_no, i.number, i.entity_no, i.accounting_date, i.currency, i.total,
           %(sale)s::smallint AS effect
    FROM hourline.invoice i
    UNION ALL
    SELECT %(journal)s, j.journal_no, e.id || '-J' || j.journal_no, j.entity_no, j.accounting_date, j.currency, j.total,
           j.kind
    FROM hourline.journal j
    JOIN hourline.master_identity e ON e.tenant = j.tenant AND e.master_no = j.entity_no
) d
WHERE d.kind = %(kind)s AND d.document_no = ANY(%(document_nos)s)
ORDER BY d.document_no;

-- name: add_group
-- purpose: A new group that is held until every document of it can be posted.
INSERT INTO hourline.posting_group (connection_no, name, period, documents, totals)
VALUES (%(connection_no)s, %(name)s, %(period)s, %(documents)s, %(totals)s)
RETURNING group_no;

-- name: add_member
-- purpose: A document of a group.
INSERT INTO hourline.posting_group_member (connection_no, kind, document_no, group_no, detailed)
VALUES (%(connection_no)s, %(kind)s, %(document_no)s, %(group_no)s, %(detailed)s);

-- name: groups
-- purpose: The groups in some states, oldest first.
SELECT group_no, connection_no, name, period, state, barrier, documents, totals, confirmed_documents, confirmed_totals
FROM hourline.posting_group WHERE state = ANY(%(states)s) ORDER BY group_no;

-- name: lock_group
-- purpose: One group in a state, locked, unless another transaction is at it.
SELECT group_no, connection_no, name, period, state, barrier, documents, totals, confirmed_documents, confirmed_totals
FROM hourline.posting_group WHERE group_no = %(group_no)s AND state = %(state)s
FOR UPDATE SKIP LOCKED;

-- name: members
-- purpose: The documents of a group with how far each is, if it is planned.
SELECT m.kind, m.document_no, m.detailed, p.intent_no, p.state, p.payload
FROM hourline.posting_group_member m
LEFT JOIN hourline.posting_intent p
    ON p.tenant = m.tenant AND p.connection_no = m.connection_no AND p.kind = m.kind AND p.document_no = m.document_no
WHERE m.group_no = %(group_no)s ORDER BY m.kind, m.document_no;

-- name: save_group
-- purpose: How far a group is, and what was confirmed of it.
UPDATE hourline.posting_group
SET state = %(state)s, barrier = %(barrier)s, confirmed_documents = %(confirmed_documents)s,
    confirmed_totals = %(confirmed_totals)s
WHERE group_no = %(group_no)s;

-- name: dissolve_group
-- purpose: Forget a held group that no route forms any more; its documents go singly.
DELETE FROM hourline.posting_group WHERE group_no = %(group_no)s AND state = 'held';
