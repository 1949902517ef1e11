-- Connections to the firm's systems and the canonical master data they own.

CREATE TABLE hourline.connection (
    tenant integer NOT NULL DEFAULT control.current_tenant() REFERENCES control.tenant,
    connection_no integer NOT NULL,
    name text NOT NULL,
    connector text NOT NULL,
    states_revisions boolean NOT NULL DEFAULT true,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, connection_no),
    UNIQUE (tenant, name)
);
COMMENT ON TABLE hourline.connection IS '[state by tenant] A configured link to one of the firm''s systems.';

CREATE TABLE hourline.connection_secret (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    field text NOT NULL,
    sealed bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, connection_no, field),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
COMMENT ON TABLE hourline.connection_secret IS '[state by tenant] A secret of a connection, sealed with a key kept outside the database.';

CREATE TABLE hourline.sync_cursor (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    stream text NOT NULL,
    cursor text NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, connection_no, stream),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
COMMENT ON TABLE hourline.sync_cursor IS '[state by tenant] How far a stream of a connection has been read.';

CREATE SEQUENCE hourline.change_no_seq;

CREATE TABLE hourline.master_identity (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    master_no integer NOT NULL,
    kind text NOT NULL,
    id text NOT NULL CHECK (length(id) BETWEEN 1 AND 300),
    merged_into integer,
    PRIMARY KEY (tenant, master_no),
    UNIQUE (tenant, kind, id),
    FOREIGN KEY (tenant, merged_into) REFERENCES hourline.master_identity
);
COMMENT ON TABLE hourline.master_identity IS '[state by tenant] One record of canonical master data; facts point here, so a rename never moves them.';

CREATE TABLE hourline.master_version (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    master_no integer NOT NULL,
    change_no bigint NOT NULL DEFAULT nextval('hourline.change_no_seq'),
    effective_from date NOT NULL DEFAULT '0001-01-01',
    effective_until date NOT NULL DEFAULT '9999-12-31',
    recorded_at timestamptz NOT NULL DEFAULT now(),
    connection_no integer,
    content jsonb NOT NULL,
    PRIMARY KEY (tenant, master_no, change_no),
    FOREIGN KEY (tenant, master_no) REFERENCES hourline.master_identity,
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection,
    CHECK (effective_from < effective_until)
);
CREATE INDEX master_version_change ON hourline.master_version (tenant, change_no);
COMMENT ON TABLE hourline.master_version IS '[version by tenant] What a master record says from a date on; a version recorded later holds from its own date on.';

CREATE TABLE hourline.cross_reference (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    kind text NOT NULL,
    source_id text NOT NULL,
    change_no bigint NOT NULL DEFAULT nextval('hourline.change_no_seq'),
    effective_from date NOT NULL DEFAULT '0001-01-01',
    effective_until date NOT NULL DEFAULT '9999-12-31',
    recorded_at timestamptz NOT NULL DEFAULT now(),
    master_no integer NOT NULL,
    PRIMARY KEY (tenant, connection_no, kind, source_id, change_no),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection,
    FOREIGN KEY (tenant, master_no) REFERENCES hourline.master_identity
);
CREATE INDEX cross_reference_change ON hourline.cross_reference (tenant, change_no);
COMMENT ON TABLE hourline.cross_reference IS '[version by tenant] The id a system uses for a master record; the latest recorded one holds.';

CREATE TABLE hourline.field_owner (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    kind text NOT NULL,
    field text NOT NULL,
    connection_no integer NOT NULL,
    PRIMARY KEY (tenant, kind, field),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
COMMENT ON TABLE hourline.field_owner IS '[state by tenant] The one system that may write a field of a kind of master data; field * is the whole kind.';
