-- Roles, tenants and the procedure that protects every table of schema hourline.
-- The catalogue drives it: a table is protected because it exists, not because it is listed.

CREATE SCHEMA IF NOT EXISTS control;
CREATE SCHEMA hourline;
CREATE SCHEMA jobs;

GRANT USAGE ON SCHEMA hourline TO hourline_app, hourline_loader;
GRANT USAGE ON SCHEMA control TO hourline_app, hourline_loader;
GRANT USAGE, CREATE ON SCHEMA jobs TO hourline_app;

-- An unset tenant reads as NULL or '' (a pooled session after SET LOCAL): both must mean nobody.
CREATE FUNCTION control.current_tenant() RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('hourline.tenant', true), '')::integer;

CREATE TABLE control.tenant (
    tenant integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE control.api_key (
    key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    tenant integer NOT NULL REFERENCES control.tenant,
    client text NOT NULL,
    scopes text[] NOT NULL,
    last_four text NOT NULL CHECK (length(last_four) = 4),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

GRANT SELECT, INSERT ON control.tenant, control.api_key TO hourline_app;
GRANT UPDATE (revoked_at) ON control.api_key TO hourline_app;

-- The policy asks for the tenant in a sub-select: it is then evaluated once per statement, and the planner
-- estimates with the average tenant. With the tenant's number in view it would take a tenant that is newer than
-- the statistics for empty and join its first import row by row.

-- What a migration finds as it should be is left alone: to write it anew for every table and every migration took
-- most of the time that an empty database takes to be ready.
CREATE FUNCTION control.is_protected(subject oid, kind text, loadable text[]) RETURNS boolean
    LANGUAGE sql STABLE AS $$
WITH granted (grantee, may, on_column, passed_on) AS (
    SELECT a.grantee, a.privilege_type, NULL, a.is_grantable
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = subject
    UNION ALL
    SELECT a.grantee, a.privilege_type, t.attname::text, a.is_grantable
    FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = subject AND NOT t.attisdropped
), wanted (grantee, may, on_column, passed_on) AS (
    SELECT 'hourline_app'::regrole::oid, may, NULL, false
    FROM unnest(CASE kind WHEN 'state' THEN '{SELECT,INSERT,UPDATE,DELETE}'::text[]
                ELSE '{SELECT,INSERT}' END) AS may
    UNION ALL
    SELECT 'hourline_loader'::regrole, 'INSERT', on_column, false FROM unnest(loadable) AS on_column
), ours (grantee, may, on_column, passed_on) AS (
    SELECT * FROM granted WHERE grantee IN ('hourline_app'::regrole, 'hourline_loader'::regrole)
)
SELECT c.relrowsecurity AND c.relforcerowsecurity
    AND (SELECT count(*) = 1 AND bool_and(
             p.polname = 'tenant_only' AND p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
             AND pg_get_expr(p.polqual, subject) = '(tenant = ( SELECT control.current_tenant() AS current_tenant))'
             AND pg_get_expr(p.polwithcheck, subject) = pg_get_expr(p.polqual, subject))
         FROM pg_policy p WHERE p.polrelid = subject)
    AND NOT EXISTS (SELECT * FROM ours EXCEPT SELECT * FROM wanted)
    AND NOT EXISTS (SELECT * FROM wanted EXCEPT SELECT * FROM ours)
FROM pg_class c WHERE c.oid = subject
$$;

-- A table says in its comment what it is: '[fact by contract] ...', '[version by tenant] ...', '[state by entity] ...'.
-- fact and version tables are append-only for the application: what is recorded is never edited.
CREATE PROCEDURE control.protect_tables() LANGUAGE plpgsql AS $$
DECLARE
    subject record;
    loadable text[];
BEGIN
    FOR subject IN
        SELECT c.oid, c.relname,
               coalesce(substring(obj_description(c.oid) FROM '^\[(\w+) by \w+\]'), '') AS kind
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'hourline' AND c.relkind IN ('r', 'p')
    LOOP
        IF subject.kind NOT IN ('fact', 'version', 'state') THEN
            RAISE EXCEPTION 'table hourline.% does not say whether it is fact, version or state', subject.relname;
        END IF;
        loadable := ARRAY(
            SELECT attname::text FROM pg_attribute
            WHERE attrelid = subject.oid AND attnum > 0 AND NOT attisdropped
              AND attname <> 'tenant' AND attgenerated = '' AND attidentity <> 'a'
            ORDER BY attnum);
        CONTINUE WHEN control.is_protected(subject.oid, subject.kind, loadable);
        EXECUTE format('ALTER TABLE hourline.%I ENABLE ROW LEVEL SECURITY', subject.relname);
        EXECUTE format('ALTER TABLE hourline.%I FORCE ROW LEVEL SECURITY', subject.relname);
        EXECUTE format('DROP POLICY IF EXISTS tenant_only ON hourline.%I', subject.relname);
        EXECUTE format('CREATE POLICY tenant_only ON hourline.%I USING (tenant = (SELECT control.current_tenant()))'
                       ' WITH CHECK (tenant = (SELECT control.current_tenant()))', subject.relname);
        EXECUTE format('REVOKE ALL ON hourline.%I FROM hourline_app, hourline_loader', subject.relname);
        EXECUTE format('GRANT SELECT, INSERT ON hourline.%I TO hourline_app', subject.relname);
        IF subject.kind = 'state' THEN
            EXECUTE format('GRANT UPDATE, DELETE ON hourline.%I TO hourline_app', subject.relname);
        END IF;
        EXECUTE format('GRANT INSERT (%s) ON hourline.%I TO hourline_loader',
                       (SELECT string_agg(quote_ident(one), ', ') FROM unnest(loadable) AS one), subject.relname);
    END LOOP;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA hourline TO hourline_app, hourline_loader;
END $$;
