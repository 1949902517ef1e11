-- name: lock_master
-- purpose: Let one transaction of a tenant change master data at a time.
SELECT pg_advisory_xact_lock(7201, control.current_tenant());

-- name: latest_change
-- purpose: The number of the newest change of master data or cross-references; 0 for none.
SELECT greatest(
    (SELECT coalesce(max(change_no), 0) FROM hourline.master_version),
    (SELECT coalesce(max(change_no), 0) FROM hourline.cross_reference)
);

-- name: next_master_no
-- purpose: The number for the next new record, under the master lock.
SELECT coalesce(max(master_no), 0) + 1 FROM hourline.master_identity;

-- name: identities
-- purpose: Every record with the one it was merged into.
SELECT master_no, kind, id, merged_into FROM hourline.master_identity ORDER BY master_no;

-- name: versions
-- purpose: What was recorded of every record up to a change, in the order it was recorded; of some kinds or of all.
SELECT v.master_no, v.change_no, i.kind, i.id, v.effective_from, v.effective_until, v.content,
       v.withdrawn
FROM hourline.master_version v
JOIN hourline.master_identity i ON i.tenant = v.tenant AND i.master_no = v.master_no
WHERE v.change_no <= %(change_no)s AND (%(kinds)s::text[] IS NULL OR i.kind = ANY(%(kinds)s))
ORDER BY v.master_no, v.change_no;

-- name: references
-- purpose: The record each system's id points to, as known at a change.
SELECT DISTINCT ON (connection_no, kind, source_id) connection_no, kind, source_id, master_no
FROM hourline.cross_reference
WHERE change_no <= %(change_no)s
ORDER BY connection_no, kind, source_id, change_no DESC;

-- name: identity_of
-- purpose: The record of a kind with a canonical id.
SELECT master_no, kind, id, merged_into FROM hourline.master_identity
WHERE kind = %(kind)s AND id = %(id)s;

-- name: referenced_by_connection
-- purpose: The record a connection calls by an id.
SELECT master_no FROM hourline.cross_reference
WHERE connection_no = %(connection_no)s AND kind = %(kind)s AND source_id = %(source_id)s
ORDER BY change_no DESC LIMIT 1;

-- name: referenced_by_any
-- purpose: The records that any connection calls by an id, latest reference of each.
SELECT DISTINCT master_no FROM (
    SELECT DISTINCT ON (connection_no) connection_no, master_no
    FROM hourline.cross_reference
    WHERE kind = %(kind)s AND source_id = %(source_id)s
    ORDER BY connection_no, change_no DESC
) latest;

-- name: numbers_of
-- purpose: The record of each kind and canonical id asked for, or the one it was merged into.
SELECT asked.kind, asked.id, found.master_no
FROM unnest(%(kinds)s::text[], %(ids)s::text[]) AS asked (kind, id)
CROSS JOIN LATERAL (
    SELECT coalesce(i.merged_into, i.master_no) AS master_no FROM hourline.master_identity i
    WHERE i.kind = asked.kind AND i.id = asked.id
    LIMIT 1
) found;

-- name: referred_by
-- purpose: The record a connection calls by each kind and id asked for.
SELECT asked.kind, asked.id, found.master_no
FROM unnest(%(kinds)s::text[], %(ids)s::text[]) AS asked (kind, id)
CROSS JOIN LATERAL (
    SELECT r.master_no FROM hourline.cross_reference r
    WHERE r.connection_no = %(connection_no)s AND r.kind = asked.kind AND r.source_id = asked.id
    ORDER BY r.change_no DESC LIMIT 1
) found;

-- name: referred_by_one
-- purpose: The record that each kind and id asked for means at every connection that uses it, by their latest references.
SELECT asked.kind, asked.id, found.master_no
FROM unnest(%(kinds)s::text[], %(ids)s::text[]) AS asked (kind, id)
CROSS JOIN LATERAL (
    SELECT min(latest.master_no) AS master_no
    FROM (
        SELECT DISTINCT ON (r.connection_no) r.connection_no, r.master_no
        FROM hourline.cross_reference r
        WHERE r.kind = asked.kind AND r.source_id = asked.id
        ORDER BY r.connection_no, r.change_no DESC
    ) latest
    HAVING count(DISTINCT latest.master_no) = 1
) found;

-- name: own_ids
-- purpose: The id a connection uses for each record asked for, the one told last.
SELECT asked.kind, asked.id, own.source_id
FROM unnest(%(kinds)s::text[], %(ids)s::text[]) AS asked (kind, id)
JOIN hourline.master_identity i ON i.kind = asked.kind AND i.id = asked.id
CROSS JOIN LATERAL (
    SELECT r.source_id FROM hourline.cross_reference r
    WHERE r.tenant = i.tenant AND r.connection_no = %(connection_no)s AND r.kind = i.kind
      AND r.master_no = coalesce(i.merged_into, i.master_no)
      AND NOT EXISTS (
          SELECT FROM hourline.cross_reference later
          WHERE later.tenant = r.tenant AND later.connection_no = r.connection_no AND later.kind = r.kind
            AND later.source_id = r.source_id AND later.change_no > r.change_no)
    ORDER BY r.change_no DESC LIMIT 1
) own;

-- name: current_version
-- purpose: What was recorded last of a record.
SELECT effective_from, effective_until, content, withdrawn FROM hourline.master_version
WHERE master_no = %(master_no)s ORDER BY change_no DESC LIMIT 1;

-- name: current_versions
-- purpose: What was recorded last of each record asked for.
SELECT asked.master_no, found.*
FROM unnest(%(numbers)s::integer[]) AS asked (master_no)
CROSS JOIN LATERAL (
    SELECT v.effective_from, v.effective_until, v.content, v.withdrawn FROM hourline.master_version v
    WHERE v.master_no = asked.master_no
    ORDER BY v.change_no DESC LIMIT 1
) found;

-- name: published_tables
-- purpose: The tables that rulebooks have published.
SELECT DISTINCT named.name
FROM (SELECT DISTINCT draft_hash FROM hourline.rulebook_version) v
JOIN hourline.rulebook_content c ON c.content_hash = v.draft_hash
CROSS JOIN LATERAL jsonb_object_keys(c.content) AS named (name);

-- name: says_so_already
-- purpose: Whether exactly this version is recorded and no later one cuts it.
SELECT EXISTS (
    SELECT FROM hourline.master_version v
    WHERE v.master_no = %(master_no)s AND v.content = %(content)s AND v.withdrawn = %(withdrawn)s
      AND v.effective_from = %(effective_from)s AND v.effective_until = %(effective_until)s
      AND NOT EXISTS (
          SELECT FROM hourline.master_version later
          WHERE later.tenant = v.tenant AND later.master_no = v.master_no
            AND later.change_no > v.change_no AND later.effective_from < v.effective_until)
);

-- name: add_identity
-- purpose: Begin a record.
INSERT INTO hourline.master_identity (master_no, kind, id) VALUES (%(master_no)s, %(kind)s, %(id)s);

-- name: rename_identity
-- purpose: Give a record another canonical id; facts and references follow its number.
UPDATE hourline.master_identity SET id = %(id)s WHERE master_no = %(master_no)s;

-- name: merge_identity
-- purpose: Let a record, and what was merged into it before, be another one from now on.
UPDATE hourline.master_identity SET merged_into = %(into_no)s
WHERE master_no = %(master_no)s OR merged_into = %(master_no)s;

-- name: add_version
-- purpose: Record what a record says from a date on.
INSERT INTO hourline.master_version (master_no, effective_from, effective_until, connection_no, content, withdrawn)
VALUES (%(master_no)s, %(effective_from)s, %(effective_until)s, %(connection_no)s, %(content)s, %(withdrawn)s);

-- name: add_reference
-- purpose: Record the id a connection uses for a record.
INSERT INTO hourline.cross_reference (connection_no, kind, source_id, master_no)
VALUES (%(connection_no)s, %(kind)s, %(source_id)s, %(master_no)s);

-- name: move_references
-- purpose: Point every id of a merged record at the surviving one.
INSERT INTO hourline.cross_reference (connection_no, kind, source_id, master_no)
SELECT connection_no, kind, source_id, %(into_no)s
FROM (
    SELECT DISTINCT ON (connection_no, kind, source_id) connection_no, kind, source_id, master_no
    FROM hourline.cross_reference ORDER BY connection_no, kind, source_id, change_no DESC
) latest
WHERE master_no = %(master_no)s;

-- name: field_owners
-- purpose: The connection that may write each field of a kind.
SELECT field, connection_no FROM hourline.field_owner WHERE kind = %(kind)s;

-- name: set_field_owner
-- purpose: Make a connection the one owner of a field of a kind.
INSERT INTO hourline.field_owner (kind, field, connection_no)
VALUES (%(kind)s, %(field)s, %(connection_no)s)
ON CONFLICT (tenant, kind, field) DO UPDATE SET connection_no = excluded.connection_no;

-- name: drop_field_owner
-- purpose: Let every connection write a field of a kind.
DELETE FROM hourline.field_owner WHERE kind = %(kind)s AND field = %(field)s;

-- name: connections
-- purpose: Every configured connection.
SELECT connection_no, name, connector, states_revisions, settings FROM hourline.connection ORDER BY connection_no;

-- name: set_connection
-- purpose: Configure a connection by its name; the number stays once given.
INSERT INTO hourline.connection (connection_no, name, connector, states_revisions, settings)
SELECT coalesce(max(connection_no), 0) + 1, %(name)s, %(connector)s, %(states_revisions)s, %(settings)s
FROM hourline.connection
ON CONFLICT (tenant, name) DO UPDATE SET connector = excluded.connector,
    states_revisions = excluded.states_revisions, settings = excluded.settings
RETURNING connection_no;
