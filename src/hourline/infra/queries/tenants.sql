-- name: create_tenant
-- purpose: Begin a tenant, or return the one of that name.
INSERT INTO control.tenant (slug, name) VALUES (%(slug)s, %(name)s)
ON CONFLICT (slug) DO NOTHING RETURNING tenant;

-- name: find_tenant
-- purpose: The tenant of a short name.
SELECT tenant FROM control.tenant WHERE slug = %(slug)s;

-- name: tenants
-- purpose: Every tenant.
SELECT tenant, slug, name FROM control.tenant ORDER BY tenant;
