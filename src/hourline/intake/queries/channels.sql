-- name: keep_event
-- purpose: Store an event as text exactly as it came, once per id.
INSERT INTO hourline.inbox_event (connection_no, event_id, event_type, body, received_at)
VALUES (%(connection_no)s, %(event_id)s, %(event_type)s, %(body)s::jsonb, %(received_at)s)
ON CONFLICT (tenant, connection_no, event_id) DO NOTHING

-- name: take_events
-- purpose: Claim the oldest events that are not normalised yet, passing over claimed ones.
SELECT connection_no, event_id, body #>> '{}' AS body, received_at
FROM hourline.inbox_event
WHERE delivery_no IS NULL
ORDER BY received_at, connection_no, event_id
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED

-- name: settle_event
-- purpose: Note the delivery that an event became.
UPDATE hourline.inbox_event
SET delivery_no = %(delivery_no)s
WHERE connection_no = %(connection_no)s AND event_id = %(event_id)s

-- name: read_cursor
-- purpose: How far a stream of a connection has been read.
SELECT cursor FROM hourline.sync_cursor
WHERE connection_no = %(connection_no)s AND stream = %(stream)s

-- name: move_cursor
-- purpose: Move a cursor on from where its page was fetched; touches no row otherwise.
INSERT INTO hourline.sync_cursor AS kept (connection_no, stream, cursor)
SELECT %(connection_no)s, %(stream)s, %(next_cursor)s
WHERE %(cursor)s::text IS NULL
   OR EXISTS (SELECT FROM hourline.sync_cursor
              WHERE connection_no = %(connection_no)s AND stream = %(stream)s)
ON CONFLICT (tenant, connection_no, stream) DO UPDATE
SET cursor = EXCLUDED.cursor, moved_at = now()
WHERE kept.cursor = %(cursor)s
