-- name: sync_position
-- purpose: Where a sync that broke off goes on in a stream of master data.
SELECT cursor FROM hourline.sync_cursor
WHERE connection_no = %(connection_no)s AND stream = %(stream)s;

-- name: keep_sync_position
-- purpose: Remember how far a stream of master data has been applied.
INSERT INTO hourline.sync_cursor (connection_no, stream, cursor)
VALUES (%(connection_no)s, %(stream)s, %(cursor)s)
ON CONFLICT (tenant, connection_no, stream) DO UPDATE
SET cursor = excluded.cursor, moved_at = now();

-- name: drop_sync_position
-- purpose: Let the next sync of a stream begin at its beginning.
DELETE FROM hourline.sync_cursor
WHERE connection_no = %(connection_no)s AND stream = %(stream)s;
