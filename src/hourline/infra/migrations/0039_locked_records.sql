-- Records of locked days are kept apart, whole, until somebody lets them in or the lock is gone.

CREATE TABLE hourline.locked_record (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    delivery_no bigint NOT NULL,
    position integer NOT NULL,
    entry_no bigint NOT NULL,
    revision integer,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    statement jsonb NOT NULL,
    entry_lock text NOT NULL,
    person_ref text NOT NULL,
    worked_on date NOT NULL,
    change_no bigint NOT NULL DEFAULT 0,
    settled_at timestamptz,
    outcome smallint,
    actor text,
    reason text,
    PRIMARY KEY (tenant, delivery_no, position),
    FOREIGN KEY (tenant, delivery_no, position) REFERENCES hourline.source_record,
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    CHECK ((settled_at IS NULL) = (outcome IS NULL)),
    CHECK ((actor IS NULL) = (reason IS NULL))
);
CREATE INDEX locked_record_open ON hourline.locked_record (entry_no, tenant) WHERE settled_at IS NULL;
COMMENT ON TABLE hourline.locked_record IS '[state by tenant] What a source said of a locked day, as it was read; outcome says what became of it once it was let in, change_no is the master data it was last tried with.';

CALL control.protect_tables();
