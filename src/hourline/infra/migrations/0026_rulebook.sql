-- Rulebooks: rules published by version and four eyes; and a record of master data that is withdrawn from a date on.

ALTER TABLE hourline.master_version ADD COLUMN withdrawn boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN hourline.master_version.withdrawn IS 'From its date on the record says nothing; the content is what it said last.';

CREATE TABLE hourline.rulebook_content (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    content jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, content_hash)
);
COMMENT ON TABLE hourline.rulebook_content IS '[fact by tenant] The rows of rulebook tables in their one spelling, as proposed or published; known by their hash.';

CREATE TABLE hourline.rulebook_version (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    version_no integer NOT NULL CHECK (version_no > 0),
    based_on integer,
    draft_hash bytea NOT NULL,
    content_hash bytea NOT NULL,
    effective_on date NOT NULL,
    proposal_no bigint NOT NULL,
    reason text NOT NULL,
    proposer text NOT NULL,
    approver text NOT NULL,
    first_change_no bigint NOT NULL,
    change_no bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, version_no),
    FOREIGN KEY (tenant, based_on) REFERENCES hourline.rulebook_version,
    FOREIGN KEY (tenant, draft_hash) REFERENCES hourline.rulebook_content,
    FOREIGN KEY (tenant, content_hash) REFERENCES hourline.rulebook_content,
    FOREIGN KEY (tenant, proposal_no) REFERENCES hourline.proposal,
    CHECK (lower(approver) <> lower(proposer)),
    CHECK (change_no >= first_change_no),
    CHECK ((based_on IS NULL) = (version_no = 1))
);
COMMENT ON TABLE hourline.rulebook_version IS '[fact by tenant] A published rulebook: what was proposed, all its tables afterwards, by whom, and the changes of master data it made.';

CALL control.protect_tables();
