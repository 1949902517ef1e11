-- Milestones, drafts, invoices, credit notes, payments and what of each portion is billed.

CREATE SEQUENCE hourline.document_no_seq;

CREATE TABLE hourline.milestone_reached (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_line_no integer NOT NULL,
    milestone text NOT NULL,
    contract_no integer NOT NULL,
    reached_on date NOT NULL,
    amount bigint NOT NULL,
    currency smallint NOT NULL,
    tax_rule_no integer,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, contract_line_no, milestone)
);
COMMENT ON TABLE hourline.milestone_reached IS '[fact by contract] A milestone may be billed from this date on.';

CREATE TABLE hourline.billing_draft (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_no integer NOT NULL,
    through date NOT NULL,
    invoice_date date NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, contract_no)
);
COMMENT ON TABLE hourline.billing_draft IS '[state by contract] An open draft: only its terms are stored, its lines follow the open portions until it is issued.';

CREATE TABLE hourline.number_series (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entity_no integer NOT NULL,
    kind smallint NOT NULL,
    prefix text NOT NULL,
    last_number integer NOT NULL,
    PRIMARY KEY (tenant, entity_no, kind)
);
COMMENT ON TABLE hourline.number_series IS '[state by entity] The last number given; the row lock makes numbers gapless.';

CREATE TABLE hourline.invoice (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    kind smallint NOT NULL,
    number text NOT NULL,
    contract_no integer NOT NULL,
    entity_no integer NOT NULL,
    customer_no integer NOT NULL,
    credits_document_no bigint,
    invoice_date date NOT NULL,
    accounting_date date NOT NULL,
    due_date date NOT NULL,
    through date NOT NULL,
    currency smallint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL CHECK (total = net + tax),
    entity_currency smallint NOT NULL,
    entity_total bigint NOT NULL,
    change_no bigint NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, document_no),
    UNIQUE (tenant, entity_no, kind, number),
    FOREIGN KEY (tenant, credits_document_no) REFERENCES hourline.invoice
);
CREATE INDEX invoice_contract ON hourline.invoice (tenant, contract_no);
COMMENT ON TABLE hourline.invoice IS '[fact by contract] An issued invoice or credit note (negative amounts); never edited.';

CREATE TABLE hourline.invoice_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    line_no integer NOT NULL,
    contract_no integer NOT NULL,
    contract_line_no integer NOT NULL,
    entry_no bigint,
    revision integer,
    part smallint,
    milestone text,
    credits_document_no bigint,
    credits_line_no integer,
    seconds bigint NOT NULL,
    rate_amount bigint NOT NULL,
    rate_seconds bigint NOT NULL,
    net bigint NOT NULL,
    tax_rule_no integer,
    tax_rate_ppm integer NOT NULL,
    tax bigint NOT NULL,
    accrual_reversed bigint NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (tenant, document_no, line_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice,
    FOREIGN KEY (tenant, entry_no, revision, part) REFERENCES hourline.portion,
    FOREIGN KEY (tenant, contract_line_no, milestone) REFERENCES hourline.milestone_reached,
    FOREIGN KEY (tenant, credits_document_no, credits_line_no) REFERENCES hourline.invoice_line,
    CHECK ((entry_no IS NULL) <> (milestone IS NULL))
);
CREATE INDEX invoice_line_portion ON hourline.invoice_line (tenant, entry_no, revision, part);
CREATE INDEX invoice_line_credits ON hourline.invoice_line (tenant, credits_document_no, credits_line_no);
CREATE INDEX invoice_line_contract_line ON hourline.invoice_line (tenant, contract_line_no);
COMMENT ON TABLE hourline.invoice_line IS '[fact by contract] A line of an invoice with the portion or milestone it bills; a credit line points at the line it credits.';

-- The database itself refuses to bill more than there is: the check fires on the running balance.
CREATE TABLE hourline.billed_portion (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    part smallint NOT NULL,
    seconds bigint NOT NULL,
    seconds_billed bigint NOT NULL,
    live_lines smallint NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision, part),
    FOREIGN KEY (tenant, entry_no, revision, part) REFERENCES hourline.portion,
    CHECK (seconds_billed BETWEEN 0 AND seconds)
);
COMMENT ON TABLE hourline.billed_portion IS '[state by contract] How much of a portion stands on live invoice lines; never more than there is.';

CREATE TABLE hourline.billed_milestone (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_line_no integer NOT NULL,
    milestone text NOT NULL,
    amount bigint NOT NULL,
    amount_billed bigint NOT NULL,
    PRIMARY KEY (tenant, contract_line_no, milestone),
    FOREIGN KEY (tenant, contract_line_no, milestone) REFERENCES hourline.milestone_reached,
    CHECK (amount_billed BETWEEN 0 AND amount)
);
COMMENT ON TABLE hourline.billed_milestone IS '[state by contract] How much of a milestone stands on live invoice lines; never more than its price.';

CREATE TABLE hourline.payment (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    payment_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    document_no bigint NOT NULL,
    reference text NOT NULL,
    paid_on date NOT NULL,
    currency smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, payment_no),
    UNIQUE (tenant, document_no, reference),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice
);
COMMENT ON TABLE hourline.payment IS '[fact by contract] A payment the ERP reported.';
