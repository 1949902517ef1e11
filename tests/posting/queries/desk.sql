-- name: connect
-- purpose: A connection to a sandbox server.
INSERT INTO hourline.connection (connection_no, name, connector)
VALUES (%(connection_no)s, %(name)s, %(connector)s)

-- name: intents
-- purpose: Every intent with what the tests look at.
SELECT intent_no, connection_no, document_no, state, epoch, unresolved, attempts, probes, generation,
       key, draft_id, external_id, external_number, settle_until IS NOT NULL AS sweeping
FROM hourline.posting_intent ORDER BY intent_no

-- name: outcomes
-- purpose: What came of every call of an intent, in order.
SELECT outcome, fenced FROM hourline.posting_outcome
WHERE intent_no = %(intent_no)s ORDER BY epoch, step

-- name: attempts
-- purpose: Key and request of every call of an intent, in order.
SELECT key, encode(request_hash, 'hex') AS request FROM hourline.posting_attempt
WHERE intent_no = %(intent_no)s ORDER BY epoch, step
