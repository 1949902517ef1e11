-- Opening positions of an acquired unit: the file as it came, who took it over, each position, and what was reversed.

CREATE SEQUENCE hourline.opening_no_seq;

CREATE TABLE hourline.opening_file (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    file_hash bytea NOT NULL CHECK (octet_length(file_hash) = 32),
    name text NOT NULL,
    content bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, file_hash)
);
COMMENT ON TABLE hourline.opening_file IS '[fact by tenant] A file of opening positions as it came; a proposal binds its hash.';

CREATE TABLE hourline.opening_batch (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    batch_no integer NOT NULL,
    connection_no integer NOT NULL,
    file_hash bytea NOT NULL,
    source text NOT NULL,
    cut_over date NOT NULL,
    to_book boolean NOT NULL,
    proposal_no bigint NOT NULL,
    reason text NOT NULL,
    proposer text NOT NULL,
    approver text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, batch_no),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection,
    FOREIGN KEY (tenant, file_hash) REFERENCES hourline.opening_file,
    FOREIGN KEY (tenant, proposal_no) REFERENCES hourline.proposal
);
COMMENT ON TABLE hourline.opening_batch IS '[fact by tenant] A file of opening positions that was taken over: from where, as of which day, by whom.';

CREATE TABLE hourline.opening_position (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    position_no bigint NOT NULL,
    batch_no integer NOT NULL,
    row_no integer NOT NULL,
    kind smallint NOT NULL,
    connection_no integer NOT NULL,
    reference text NOT NULL,
    entity_no integer NOT NULL,
    contract_no integer NOT NULL,
    contract_line_no integer,
    entry_no bigint,
    revision integer,
    part smallint,
    milestone text,
    dated date NOT NULL,
    seconds bigint NOT NULL CHECK (seconds >= 0),
    rate_amount bigint NOT NULL,
    rate_seconds bigint NOT NULL CHECK (rate_seconds > 0),
    currency smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    accrued bigint NOT NULL CHECK (accrued >= 0),
    contract_asset bigint NOT NULL CHECK (contract_asset >= 0),
    contract_liability bigint NOT NULL CHECK (contract_liability >= 0),
    entity_currency smallint NOT NULL,
    entity_amount bigint NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (tenant, position_no),
    UNIQUE (tenant, batch_no, row_no),
    FOREIGN KEY (tenant, batch_no) REFERENCES hourline.opening_batch,
    FOREIGN KEY (tenant, entry_no, revision, part) REFERENCES hourline.portion,
    FOREIGN KEY (tenant, contract_line_no, milestone) REFERENCES hourline.milestone_reached,
    CHECK (entry_no IS NULL OR milestone IS NULL),
    CHECK ((accrued > 0)::integer + (contract_asset > 0)::integer + (contract_liability > 0)::integer <= 1)
);
CREATE UNIQUE INDEX opening_position_entry ON hourline.opening_position (tenant, entry_no, revision);
CREATE UNIQUE INDEX opening_position_milestone ON hourline.opening_position (tenant, contract_line_no, milestone);
CREATE INDEX opening_position_reference ON hourline.opening_position (tenant, connection_no, reference);
CREATE INDEX opening_position_contract ON hourline.opening_position (tenant, contract_no);
COMMENT ON TABLE hourline.opening_position IS '[fact by contract] What a row of an opening file brings along: work or an amount to bill, or a balance.';

CREATE TABLE hourline.opening_reversal (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    position_no bigint NOT NULL,
    contract_no integer NOT NULL,
    contract_line_no integer,
    milestone text,
    proposal_no bigint NOT NULL,
    reason text NOT NULL,
    proposer text NOT NULL,
    approver text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, position_no),
    FOREIGN KEY (tenant, position_no) REFERENCES hourline.opening_position,
    FOREIGN KEY (tenant, proposal_no) REFERENCES hourline.proposal
);
CREATE INDEX opening_reversal_milestone ON hourline.opening_reversal (tenant, contract_line_no, milestone);
COMMENT ON TABLE hourline.opening_reversal IS '[fact by contract] An opening position that was taken back whole; all it had in the books is mirrored.';

CALL control.protect_tables();
