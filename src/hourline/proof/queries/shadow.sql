-- name: add_reading
-- purpose: A reading of a system's books that came to its end.
INSERT INTO hourline.booked_reading (connection_no, kind, since, until, read_at)
VALUES (%(connection_no)s, %(kind)s, %(since)s, %(until)s, %(read_at)s)
RETURNING reading_no;

-- name: add_booked_document
-- purpose: A document that a reading showed.
INSERT INTO hourline.booked_document (reading_no, external_id, payload)
VALUES (%(reading_no)s, %(external_id)s, %(payload)s);

-- name: drop_covered_readings
-- purpose: Earlier readings whose days a later one has read again.
DELETE FROM hourline.booked_reading
WHERE connection_no = %(connection_no)s AND kind = %(kind)s AND reading_no <> %(reading_no)s
  AND since >= %(since)s AND until <= %(until)s AND read_at <= %(read_at)s;

-- name: best_reading
-- purpose: The reading that covers most of some days, the latest of several.
SELECT reading_no, kind, since, until, read_at FROM hourline.booked_reading
WHERE connection_no = %(connection_no)s AND kind = %(kind)s
ORDER BY greatest(0, least(until, %(until)s::date) - greatest(since, %(since)s::date)) DESC, read_at DESC, reading_no DESC
LIMIT 1;

-- name: booked_documents
-- purpose: The documents a reading showed.
SELECT payload FROM hourline.booked_document WHERE reading_no = %(reading_no)s ORDER BY external_id;

-- name: explain_difference
-- purpose: Why a difference is right as it is, unless somebody has said so already.
INSERT INTO hourline.shadow_explanation (connection_no, difference, actor, reason)
VALUES (%(connection_no)s, %(difference)s, %(actor)s, %(reason)s)
ON CONFLICT DO NOTHING;

-- name: explanations
-- purpose: What people said of the differences to a connection.
SELECT difference, actor, reason FROM hourline.shadow_explanation WHERE connection_no = %(connection_no)s;
