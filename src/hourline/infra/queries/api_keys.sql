-- name: add_api_key
-- purpose: Store the hash of a new API key; schema control has no row-level security, so the tenant is named.
INSERT INTO control.api_key (key_hash, tenant, client, scopes, last_four, expires_at)
VALUES (%(key_hash)s, %(tenant)s, %(client)s, %(scopes)s, %(last_four)s, %(expires_at)s);

-- name: api_key_owner
-- purpose: Whose key this is, while it is valid by the database's clock.
SELECT tenant, client, scopes FROM control.api_key
WHERE key_hash = %(key_hash)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

-- name: api_keys
-- purpose: The keys of a tenant.
SELECT client, scopes, last_four, created_at, expires_at, revoked_at FROM control.api_key
WHERE tenant = %(tenant)s ORDER BY created_at, last_four;

-- name: revoke_api_keys
-- purpose: End the keys of a client, or one of them; gives how each ends that was not revoked before.
UPDATE control.api_key SET revoked_at = %(at)s
WHERE tenant = %(tenant)s AND client = %(client)s AND revoked_at IS NULL
  AND (%(last_four)s::text IS NULL OR last_four = %(last_four)s)
RETURNING last_four;
