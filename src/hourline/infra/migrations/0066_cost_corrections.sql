-- The cost of work that cannot be decided anew follows the terms in force, while its invoice stays as it is.

CREATE TABLE hourline.cost_correction (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    correction_no integer NOT NULL CHECK (correction_no >= 1),
    contract_no integer NOT NULL,
    entity_no integer NOT NULL,
    cost_rate_no integer,
    cost_before bigint NOT NULL,
    cost_after bigint NOT NULL,
    accounting_date date NOT NULL,
    change_no bigint NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    proposal_no bigint,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision, correction_no),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.decision,
    FOREIGN KEY (tenant, proposal_no) REFERENCES hourline.proposal,
    CHECK (cost_before <> cost_after)
);
COMMENT ON TABLE hourline.cost_correction IS '[fact by contract] What the time of a decided revision costs by later terms, though nothing else of it is decided anew; in minor units of the entity that bears it. Its journal line has the correction as its part, and the line before it a mirror.';
COMMENT ON COLUMN hourline.cost_correction.change_no IS 'The master data that the cost was worked out with.';

CALL control.protect_tables();
