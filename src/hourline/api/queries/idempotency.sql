-- name: claim_key
-- purpose: Let one call with an Idempotency-Key run at a time; the transaction's end releases it.
SELECT pg_try_advisory_xact_lock(hashtextextended(
    concat_ws(E'\n', 'hourline.api', control.current_tenant(), %(client)s::text, %(route)s::text, %(idempotency_key)s::text), 0));

-- name: stored_reply
-- purpose: The reply that was given to the first call with this key.
SELECT request_hash, status, body FROM hourline.api_reply
WHERE client = %(client)s AND route = %(route)s AND idempotency_key = %(idempotency_key)s;

-- name: keep_reply
-- purpose: Store the reply of a call in the transaction of its work.
INSERT INTO hourline.api_reply (client, route, idempotency_key, request_hash, status, body)
VALUES (%(client)s, %(route)s, %(idempotency_key)s, %(request_hash)s, %(status)s, %(body)s);
