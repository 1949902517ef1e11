-- name: applied_migrations
-- purpose: The migrations this database has had.
SELECT name FROM control.migration;
