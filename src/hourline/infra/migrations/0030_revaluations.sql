-- Unrealised exchange differences: what a period end made of the receivables in foreign currencies, and its reversal.

CREATE TABLE hourline.revaluation_run (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    run_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    entity_no integer NOT NULL,
    through date NOT NULL,
    booked_on date NOT NULL,
    reversed_on date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, run_no),
    CHECK (booked_on >= through AND reversed_on > through)
);
COMMENT ON TABLE hourline.revaluation_run IS '[fact by entity] Receivables were valued at the rates of a day; a run that found nothing new is none.';

CREATE TABLE hourline.revaluation (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    revaluation_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    run_no bigint NOT NULL,
    document_no bigint NOT NULL,
    currency smallint NOT NULL,
    due bigint NOT NULL,
    carried bigint NOT NULL,
    valued bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (tenant, revaluation_no),
    UNIQUE (tenant, run_no, document_no),
    FOREIGN KEY (tenant, run_no) REFERENCES hourline.revaluation_run,
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice
);
CREATE INDEX revaluation_document ON hourline.revaluation (document_no, tenant);
COMMENT ON TABLE hourline.revaluation IS '[fact by entity] What a run added to the receivable of an invoice: what is due in the invoice''s currency; what it is carried at, its value and the difference not booked before, in the entity''s.';

CALL control.protect_tables();
