-- Exception queues, four eyes, the audit chain and stored replies of the API.

CREATE SEQUENCE hourline.item_no_seq;

CREATE TABLE hourline.exception_item (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    item_no bigint NOT NULL DEFAULT nextval('hourline.item_no_seq'),
    queue text NOT NULL,
    code text NOT NULL,
    subject_kind text NOT NULL,
    subject_key text NOT NULL,
    entry_no bigint,
    revision integer,
    sentence text NOT NULL,
    remedy text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    owner text NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
    opened_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolution text,
    PRIMARY KEY (tenant, item_no),
    CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
);
CREATE UNIQUE INDEX exception_item_open ON hourline.exception_item (tenant, code, subject_kind, subject_key) WHERE state = 'open';
CREATE INDEX exception_item_entry ON hourline.exception_item (tenant, entry_no);
COMMENT ON TABLE hourline.exception_item IS '[state by tenant] Something a person must decide, with an owner and a due time; one open item per cause.';

CREATE TABLE hourline.proposal (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    proposal_no bigint NOT NULL DEFAULT nextval('hourline.item_no_seq'),
    action text NOT NULL,
    content jsonb NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    reason text NOT NULL CHECK (length(reason) > 0),
    proposer text NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'rejected')),
    approver text,
    decided_at timestamptz,
    PRIMARY KEY (tenant, proposal_no),
    CHECK (approver IS NULL OR lower(approver) <> lower(proposer)),
    CHECK ((state = 'proposed') = (approver IS NULL))
);
COMMENT ON TABLE hourline.proposal IS '[state by tenant] A change that needs a second person; the approval binds the hash of what was shown.';

CREATE TABLE hourline.audit_record (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    sequence bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    before jsonb,
    after jsonb,
    approver text,
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (tenant, sequence)
);
COMMENT ON TABLE hourline.audit_record IS '[fact by tenant] A manual change, chained to the one before; written in the transaction of the change.';

CREATE TABLE hourline.api_reply (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    client text NOT NULL,
    route text NOT NULL,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    status smallint NOT NULL,
    body text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, client, route, idempotency_key)
);
COMMENT ON TABLE hourline.api_reply IS '[state by tenant] The stored answer to a request with an Idempotency-Key.';

CALL control.protect_tables();
