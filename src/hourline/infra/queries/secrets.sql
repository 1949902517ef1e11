-- name: connection_named
-- purpose: The number of a connection by its name.
SELECT connection_no FROM hourline.connection WHERE name = %(name)s;

-- name: sealed_secrets
-- purpose: The sealed secrets of a connection, or the one of a field.
SELECT field, sealed FROM hourline.connection_secret
WHERE connection_no = %(connection_no)s AND (%(field)s::text IS NULL OR field = %(field)s)
ORDER BY field;

-- name: secret_fields
-- purpose: Which secrets a connection has and since when.
SELECT field, changed_at FROM hourline.connection_secret
WHERE connection_no = %(connection_no)s ORDER BY field;

-- name: set_secret
-- purpose: Store a sealed secret in place of an earlier one.
INSERT INTO hourline.connection_secret (connection_no, field, sealed)
VALUES (%(connection_no)s, %(field)s, %(sealed)s)
ON CONFLICT (tenant, connection_no, field) DO UPDATE SET sealed = excluded.sealed, changed_at = now();

-- name: remove_secret
-- purpose: Delete a secret of a connection.
DELETE FROM hourline.connection_secret WHERE connection_no = %(connection_no)s AND field = %(field)s;
