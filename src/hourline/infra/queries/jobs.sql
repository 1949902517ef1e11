-- name: share_waiting_job
-- purpose: Keep a waiting job from being claimed before this transaction has ended, if there is one.
-- The lock is shared, so writers of one tenant do not wait for each other; a claim passes it over.
SELECT id FROM jobs.pgqueuer
WHERE entrypoint = %(stage)s AND payload = %(payload)s AND status = 'queued'
ORDER BY id LIMIT 1
FOR KEY SHARE SKIP LOCKED;

-- name: add_job
-- purpose: Say that a stage has something to look at for a tenant.
INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, status)
VALUES (0, %(stage)s, %(payload)s, 'queued');

-- name: waiting_jobs
-- purpose: How many jobs of each stage wait or run, and since when the oldest has.
SELECT entrypoint AS stage,
       count(*) FILTER (WHERE status = 'queued') AS waiting,
       count(*) FILTER (WHERE status = 'picked') AS running,
       min(created) AS oldest_created_at
FROM jobs.pgqueuer GROUP BY entrypoint ORDER BY entrypoint;
