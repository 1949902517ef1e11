-- Deliveries by any method, the records in them, and the canonical time entries.

CREATE SEQUENCE hourline.delivery_no_seq;
CREATE SEQUENCE hourline.entry_no_seq;

CREATE TABLE hourline.inbox_event (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    event_id text NOT NULL,
    event_type text NOT NULL,
    body jsonb NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    delivery_no bigint,
    PRIMARY KEY (tenant, connection_no, event_id),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
CREATE INDEX inbox_event_open ON hourline.inbox_event (tenant, received_at) WHERE delivery_no IS NULL;
COMMENT ON TABLE hourline.inbox_event IS '[state by tenant] An event as it came; delivery_no is set once it has been normalised.';

CREATE TABLE hourline.delivery (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    delivery_no bigint NOT NULL,
    connection_no integer NOT NULL,
    method smallint NOT NULL,
    delivery_id text NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    received_at timestamptz NOT NULL,
    records integer NOT NULL,
    refusal jsonb,
    PRIMARY KEY (tenant, delivery_no),
    UNIQUE (tenant, connection_no, method, delivery_id),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
COMMENT ON TABLE hourline.delivery IS '[fact by tenant] One arrival: a webhook call, a page, a batch, a file or an event.';

CREATE TABLE hourline.source_record (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    delivery_no bigint NOT NULL,
    position integer NOT NULL,
    outcome smallint NOT NULL,
    entry_no bigint,
    revision integer,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    body text NOT NULL,
    problems jsonb,
    PRIMARY KEY (tenant, delivery_no, position),
    FOREIGN KEY (tenant, delivery_no) REFERENCES hourline.delivery
);
CREATE INDEX source_record_entry ON hourline.source_record (tenant, entry_no, revision);
COMMENT ON TABLE hourline.source_record IS '[fact by tenant] A record exactly as it came, with the one outcome it had.';

CREATE TABLE hourline.time_entry (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    connection_no integer NOT NULL,
    source_id text NOT NULL,
    PRIMARY KEY (tenant, entry_no),
    UNIQUE (tenant, connection_no, source_id),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
COMMENT ON TABLE hourline.time_entry IS '[fact by tenant] The identity of a time entry, whatever method it came by.';

CREATE TABLE hourline.time_entry_version (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL CHECK (revision >= 1),
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    delivery_no bigint NOT NULL,
    position integer NOT NULL,
    person_ref text NOT NULL,
    project_ref text NOT NULL,
    activity_ref text,
    hour_type_ref text,
    work_date date NOT NULL,
    worked_seconds bigint NOT NULL CHECK (worked_seconds >= 0),
    billable_seconds bigint CHECK (billable_seconds >= 0),
    role_ref text,
    note text,
    approved_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    FOREIGN KEY (tenant, delivery_no, position) REFERENCES hourline.source_record
);
CREATE INDEX time_entry_version_project ON hourline.time_entry_version (tenant, project_ref);
COMMENT ON TABLE hourline.time_entry_version IS '[version by tenant] One approved content of a time entry: valid on its work date, known since recorded_at.';

CREATE TABLE hourline.time_entry_recall (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    delivery_no bigint NOT NULL,
    position integer NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    FOREIGN KEY (tenant, delivery_no, position) REFERENCES hourline.source_record
);
COMMENT ON TABLE hourline.time_entry_recall IS '[fact by tenant] The approval of this revision, and of every lower one, was withdrawn.';

CREATE TABLE hourline.pending_entry (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    state smallint NOT NULL,
    change_no bigint NOT NULL,
    problems jsonb NOT NULL DEFAULT '[]',
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, entry_no),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.time_entry_version
);
CREATE INDEX pending_entry_change ON hourline.pending_entry (tenant, change_no);
COMMENT ON TABLE hourline.pending_entry IS '[state by tenant] A revision not decided yet: received, waiting for master data or in exception; change_no is the master data it was last tried with.';
