-- What was decided of each entry: portions and the journal lines they cause.

CREATE TABLE hourline.decision (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    contract_no integer NOT NULL,
    contract_line_no integer NOT NULL,
    project_no integer NOT NULL,
    person_no integer NOT NULL,
    entity_no integer NOT NULL,
    employing_entity_no integer NOT NULL,
    work_date date NOT NULL,
    accounting_date date NOT NULL,
    late boolean NOT NULL,
    worked_seconds bigint NOT NULL,
    uplift_seconds bigint NOT NULL CHECK (uplift_seconds >= 0),
    currency smallint NOT NULL,
    cost_amount bigint NOT NULL,
    bill_rate_no integer,
    cost_rate_no integer,
    tax_rule_no integer,
    change_no bigint NOT NULL,
    approved_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.time_entry_version
);
CREATE INDEX decision_project ON hourline.decision (tenant, project_no);
CREATE INDEX decision_contract ON hourline.decision (tenant, contract_no, work_date);
COMMENT ON TABLE hourline.decision IS '[fact by contract] An accepted revision with the master records and rules its figures came from.';

CREATE TABLE hourline.portion (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    part smallint NOT NULL,
    fate smallint NOT NULL,
    contract_no integer NOT NULL,
    contract_line_no integer NOT NULL,
    seconds bigint NOT NULL CHECK (seconds >= 0),
    rate_amount bigint NOT NULL,
    rate_seconds bigint NOT NULL CHECK (rate_seconds > 0),
    currency smallint NOT NULL,
    amount bigint NOT NULL,
    accrued_amount bigint NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision, part),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.decision
);
CREATE INDEX portion_contract ON hourline.portion (tenant, contract_no, fate);
COMMENT ON TABLE hourline.portion IS '[fact by contract] A part of an entry''s time with one fate; the exact price is rate_amount / rate_seconds per second in 1/10000 minor units.';

-- A revision stops counting once it is replaced or recalled; everything it caused is mirrored in the same transaction.
CREATE TABLE hourline.supersession (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    by_revision integer,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.time_entry_version
);
COMMENT ON TABLE hourline.supersession IS '[fact by tenant] This revision was replaced by a later one, or recalled where by_revision is null.';

CREATE SEQUENCE hourline.line_no_seq;

CREATE TABLE hourline.journal_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    line_no bigint NOT NULL DEFAULT nextval('hourline.line_no_seq'),
    cause smallint NOT NULL,
    cause_no bigint NOT NULL,
    cause_revision integer NOT NULL,
    part integer NOT NULL,
    effect smallint NOT NULL,
    mirror boolean NOT NULL,
    entity_no integer NOT NULL,
    contract_no integer,
    project_no integer,
    person_no integer,
    debit smallint NOT NULL,
    credit smallint NOT NULL,
    currency smallint NOT NULL,
    amount bigint NOT NULL,
    entity_currency smallint NOT NULL,
    entity_amount bigint NOT NULL,
    accounting_date date NOT NULL,
    document_date date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, cause, cause_no, cause_revision, part, effect, mirror),
    UNIQUE (tenant, line_no),
    CHECK (debit <> credit)
);
CREATE INDEX journal_line_entity ON hourline.journal_line (tenant, entity_no, accounting_date);
COMMENT ON TABLE hourline.journal_line IS '[fact by contract] One amount moved from a credit role to a debit role: balanced by its shape; its key is what caused it, so it exists once.';
