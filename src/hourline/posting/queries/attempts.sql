-- name: add_attempt
-- purpose: A call about to be made; committed before anything is sent.
INSERT INTO hourline.posting_attempt
    (intent_no, epoch, step, key, request_hash, deadline, started_at)
VALUES (%(intent_no)s, %(epoch)s, %(step)s, %(key)s, %(request_hash)s, %(deadline)s,
        clock_timestamp())

-- name: add_outcome
-- purpose: What came back of a call; also that of an epoch which has been overtaken.
INSERT INTO hourline.posting_outcome
    (intent_no, epoch, step, outcome, http_status, evidence, fenced, recorded_at)
VALUES (%(intent_no)s, %(epoch)s, %(step)s, %(outcome)s, %(http_status)s, %(evidence)s,
        %(fenced)s, clock_timestamp())
