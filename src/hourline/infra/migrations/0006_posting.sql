-- Journals made of journal lines, and the intents, attempts and receipts that book documents once.

CREATE TABLE hourline.journal (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    journal_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    entity_no integer NOT NULL,
    kind smallint NOT NULL,
    accounting_date date NOT NULL,
    sequence integer NOT NULL,
    currency smallint NOT NULL,
    total bigint NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, journal_no),
    UNIQUE (tenant, entity_no, kind, accounting_date, sequence)
);
COMMENT ON TABLE hourline.journal IS '[fact by entity] A journal entry for an ERP; late lines open the next sequence, a journal never changes.';

CREATE TABLE hourline.journal_member (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    line_no bigint NOT NULL,
    journal_no bigint NOT NULL,
    PRIMARY KEY (tenant, line_no),
    FOREIGN KEY (tenant, line_no) REFERENCES hourline.journal_line (tenant, line_no),
    FOREIGN KEY (tenant, journal_no) REFERENCES hourline.journal
);
CREATE INDEX journal_member_journal ON hourline.journal_member (tenant, journal_no);
COMMENT ON TABLE hourline.journal_member IS '[fact by entity] The one journal a journal line is on.';

CREATE TABLE hourline.posting_intent (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    intent_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    connection_no integer NOT NULL,
    kind smallint NOT NULL,
    document_no bigint NOT NULL,
    generation smallint NOT NULL DEFAULT 0,
    key text NOT NULL,
    payload text NOT NULL,
    payload_hash bytea NOT NULL CHECK (octet_length(payload_hash) = 32),
    state smallint NOT NULL,
    epoch integer NOT NULL DEFAULT 0,
    unresolved smallint NOT NULL DEFAULT 0,
    attempts smallint NOT NULL DEFAULT 0,
    probes smallint NOT NULL DEFAULT 0,
    first_sent_at timestamptz,
    due_at timestamptz NOT NULL DEFAULT now(),
    settle_until timestamptz,
    lease_owner text,
    lease_until timestamptz,
    external_id text,
    external_number text,
    draft_id text,
    refusal jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, intent_no),
    UNIQUE (tenant, connection_no, kind, document_no, generation),
    UNIQUE (tenant, key),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
CREATE INDEX posting_intent_due ON hourline.posting_intent (tenant, state, due_at);
COMMENT ON TABLE hourline.posting_intent IS '[state by entity] A document that shall exist once at one receiving system, and how far that is.';

CREATE TABLE hourline.posting_attempt (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    intent_no bigint NOT NULL,
    epoch integer NOT NULL,
    step smallint NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    deadline timestamptz NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, intent_no, epoch, step),
    FOREIGN KEY (tenant, intent_no) REFERENCES hourline.posting_intent
);
COMMENT ON TABLE hourline.posting_attempt IS '[fact by entity] A call about to be made; committed before anything is sent.';

CREATE TABLE hourline.posting_outcome (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    intent_no bigint NOT NULL,
    epoch integer NOT NULL,
    step smallint NOT NULL,
    outcome text NOT NULL,
    http_status smallint,
    evidence jsonb NOT NULL DEFAULT '{}',
    fenced boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, intent_no, epoch, step),
    FOREIGN KEY (tenant, intent_no, epoch, step) REFERENCES hourline.posting_attempt
);
COMMENT ON TABLE hourline.posting_outcome IS '[fact by entity] What came back of an attempt, also where a later epoch had taken over.';
