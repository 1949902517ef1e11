-- Shadow mode: what would have been booked, what is booked there, and what people said of the differences.

CREATE TABLE hourline.shadow_document (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    kind smallint NOT NULL,
    document_no bigint NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    entity_no integer NOT NULL,
    accounting_date date NOT NULL,
    key text NOT NULL,
    payload text NOT NULL,
    payload_hash bytea NOT NULL CHECK (octet_length(payload_hash) = 32),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, connection_no, kind, document_no, version),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection,
    FOREIGN KEY (tenant, entity_no) REFERENCES hourline.master_identity
);
CREATE INDEX shadow_document_date ON hourline.shadow_document (tenant, connection_no, accounting_date);
COMMENT ON TABLE hourline.shadow_document IS '[fact by entity] A document as it would have been sent to a system that is only compared with; nothing here is ever sent. Changed master data gives the next version.';

CREATE TABLE hourline.booked_reading (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    reading_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    connection_no integer NOT NULL,
    kind smallint NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, reading_no),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection,
    CHECK (since < until)
);
CREATE INDEX booked_reading_kind ON hourline.booked_reading (tenant, connection_no, kind);
COMMENT ON TABLE hourline.booked_reading IS '[state by tenant] One reading of a system''s books to its end; it is kept until a later one covers its dates.';

CREATE TABLE hourline.booked_document (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    reading_no bigint NOT NULL,
    external_id text NOT NULL,
    payload text NOT NULL,
    PRIMARY KEY (tenant, reading_no, external_id),
    FOREIGN KEY (tenant, reading_no) REFERENCES hourline.booked_reading ON DELETE CASCADE
);
COMMENT ON TABLE hourline.booked_document IS '[state by tenant] A document as a system''s books showed it in a reading.';

CREATE TABLE hourline.shadow_explanation (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    difference text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, connection_no, difference),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
COMMENT ON TABLE hourline.shadow_explanation IS '[fact by tenant] Why a difference is right as it is, by a person; it holds for that difference as it was and for no other.';

CALL control.protect_tables();
