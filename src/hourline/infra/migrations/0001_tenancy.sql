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

-- A table says in its comment what it is: '[fact by contract] ...', '[version by tenant] ...', '[state by entity] ...'.
-- fact and version tables are append-only for the application: what is recorded is never edited.
CREATE PROCEDURE control.protect_tables() LANGUAGE plpgsql AS $$
DECLARE
    subject record;
    loadable text;
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
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO loadable
        FROM pg_attribute
        WHERE attrelid = subject.oid AND attnum > 0 AND NOT attisdropped
          AND attname <> 'tenant' AND attgenerated = '' AND attidentity <> 'a';
        EXECUTE format('GRANT INSERT (%s) ON hourline.%I TO hourline_loader', loadable, subject.relname);
    END LOOP;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA hourline TO hourline_app, hourline_loader;
END $$;
