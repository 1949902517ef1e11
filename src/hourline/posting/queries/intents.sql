-- name: plan
-- purpose: A new intent, unless the document already has one at this connection.
INSERT INTO hourline.posting_intent
    (connection_no, kind, document_no, identity, generation, key, payload, payload_hash, state, barrier, change_no,
     due_at)
SELECT %(connection_no)s, %(kind)s, %(document_no)s, %(identity)s, 0, %(key)s, %(payload)s,
       %(payload_hash)s, %(state)s, %(barrier)s, %(change_no)s, clock_timestamp()
WHERE NOT EXISTS (
    SELECT FROM hourline.posting_intent known
    WHERE known.connection_no = %(connection_no)s AND known.kind = %(kind)s
      AND known.document_no = %(document_no)s)
ON CONFLICT DO NOTHING
RETURNING intent_no

-- name: latest_of_document
-- purpose: The last intent planned for a document, with what it says.
SELECT intent_no, payload_hash
FROM hourline.posting_intent
WHERE connection_no = %(connection_no)s AND kind = %(kind)s AND document_no = %(document_no)s
ORDER BY generation DESC LIMIT 1

-- name: take_due
-- purpose: The longest due intent of a connection in one state, locked.
SELECT intent_no, connection_no, kind, document_no, identity, generation, key, payload, state, epoch,
       unresolved, attempts, probes, first_sent_at, due_at, settle_until, lease_until,
       external_id, external_number, draft_id, barrier, clock_timestamp() AS now
FROM hourline.posting_intent
WHERE connection_no = %(connection_no)s AND state = %(state)s
  AND due_at <= clock_timestamp()
ORDER BY due_at, intent_no
LIMIT 1
FOR UPDATE SKIP LOCKED

-- name: take_expired
-- purpose: A claimed intent whose holder has not reported back within its lease, locked.
SELECT intent_no, connection_no, kind, document_no, identity, generation, key, payload, state, epoch,
       unresolved, attempts, probes, first_sent_at, due_at, settle_until, lease_until,
       external_id, external_number, draft_id, barrier, clock_timestamp() AS now
FROM hourline.posting_intent
WHERE connection_no = %(connection_no)s AND state = ANY (%(claimed)s)
  AND lease_until <= clock_timestamp()
LIMIT 1
FOR UPDATE SKIP LOCKED

-- name: lock_intent
-- purpose: One intent, locked until the end of the transaction.
SELECT intent_no, connection_no, kind, document_no, identity, generation, key, payload, state, epoch,
       unresolved, attempts, probes, first_sent_at, due_at, settle_until, lease_until,
       external_id, external_number, draft_id, barrier, clock_timestamp() AS now
FROM hourline.posting_intent
WHERE intent_no = %(intent_no)s
FOR UPDATE

-- name: save
-- purpose: The state after a transition, only where nobody else has moved it since.
UPDATE hourline.posting_intent
SET generation = %(generation)s, key = %(key)s, state = %(state)s, epoch = %(epoch)s,
    unresolved = %(unresolved)s, attempts = %(attempts)s, probes = %(probes)s,
    first_sent_at = %(first_sent_at)s, due_at = %(due_at)s, settle_until = %(settle_until)s,
    lease_until = %(lease_until)s, lease_owner = %(lease_owner)s,
    external_id = %(external_id)s, external_number = %(external_number)s,
    draft_id = %(draft_id)s, barrier = %(barrier)s
WHERE intent_no = %(intent_no)s AND epoch = %(epoch_before)s AND state = %(state_before)s

-- name: set_refusal
-- purpose: Why an intent needs a person, or what a person decided about it.
UPDATE hourline.posting_intent SET refusal = %(refusal)s WHERE intent_no = %(intent_no)s

-- name: next_generation
-- purpose: The first generation of a document that no intent uses.
SELECT max(generation) + 1
FROM hourline.posting_intent
WHERE connection_no = %(connection_no)s AND kind = %(kind)s AND document_no = %(document_no)s

-- name: due_connections
-- purpose: The connections with something to do now.
SELECT DISTINCT connection_no
FROM hourline.posting_intent
WHERE (state = ANY (%(waiting)s) AND due_at <= clock_timestamp())
   OR (state = ANY (%(claimed)s) AND lease_until <= clock_timestamp())

-- name: seconds_to_next
-- purpose: How many seconds from now something is due next; nothing where nothing is.
SELECT greatest(0, ceil(extract(epoch FROM min(
           CASE WHEN state = ANY (%(claimed)s) THEN lease_until ELSE due_at END)
       - clock_timestamp())))::integer
FROM hourline.posting_intent
WHERE state = ANY (%(claimed)s) OR (state = ANY (%(waiting)s) AND due_at < %(never)s)
HAVING count(*) > 0

-- name: troubled
-- purpose: Intents that need a person, with why.
SELECT intent_no, connection_no, kind, document_no, state, payload, external_id, external_number, refusal
FROM hourline.posting_intent
WHERE state = ANY (%(troubled)s)
ORDER BY intent_no

-- name: take_sweep
-- purpose: A confirmed or cancelled intent with drafts to delete, put off so that one worker at a time sweeps.
UPDATE hourline.posting_intent SET due_at = clock_timestamp() + make_interval(secs => %(again_seconds)s)
WHERE intent_no = (
    SELECT intent_no FROM hourline.posting_intent
    WHERE connection_no = %(connection_no)s AND state = ANY (%(ended)s)
      AND due_at <= clock_timestamp()
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING intent_no

-- name: served_by
-- purpose: The connector that serves a connection, and the mode it is in.
SELECT connector, coalesce(settings ->> 'mode', '') AS mode FROM hourline.connection WHERE connection_no = %(connection_no)s

-- name: connection_settings
-- purpose: The settings of a connection.
SELECT settings FROM hourline.connection WHERE connection_no = %(connection_no)s

-- name: windows
-- purpose: The connections that state a posting window, and the time of the database.
SELECT connection_no, settings, clock_timestamp() AS at
FROM hourline.connection WHERE settings ? 'posting_window' ORDER BY connection_no

-- name: waiting_intents
-- purpose: Intents that a closed window holds back.
SELECT intent_no, connection_no, kind, document_no
FROM hourline.posting_intent
WHERE connection_no = ANY (%(connection_nos)s) AND state = %(ready)s
ORDER BY intent_no

-- name: wake
-- purpose: Let the intents of a connection that wait to be sent be looked at now: its window has changed.
UPDATE hourline.posting_intent SET due_at = clock_timestamp()
WHERE connection_no = %(connection_no)s AND state = %(ready)s AND due_at > clock_timestamp()

-- name: shown_intent
-- purpose: An intent with its document, and the master data that was made with.
SELECT p.intent_no, c.name AS connection, p.kind, p.document_no, p.state, p.payload, p.attempts, p.external_id,
       p.external_number, p.change_no
FROM hourline.posting_intent p
JOIN hourline.connection c ON c.tenant = p.tenant AND c.connection_no = p.connection_no
WHERE p.intent_no = %(intent_no)s
