-- What an external tax engine answered, and the invoices whose tax it decided.

CREATE TABLE hourline.tax_answer (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    question text NOT NULL,
    contract_no integer NOT NULL,
    connection text NOT NULL,
    reference text NOT NULL,
    asked jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, question)
);
COMMENT ON TABLE hourline.tax_answer IS '[fact by contract] What a tax engine was asked once about a bill, and under which reference it answered; the question is the SHA-256 of what was asked.';

CREATE TABLE hourline.tax_answer_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    question text NOT NULL,
    line_id text NOT NULL,
    contract_no integer NOT NULL,
    code text NOT NULL,
    rate_ppm integer NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
    tax bigint NOT NULL,
    PRIMARY KEY (tenant, question, line_id),
    FOREIGN KEY (tenant, question) REFERENCES hourline.tax_answer
);
COMMENT ON TABLE hourline.tax_answer_line IS '[fact by contract] Code, rate and tax of one line of the answer, in minor units; the line is the invoice''s place in its bill and the number on it, as 1/1.';

CREATE TABLE hourline.tax_answer_use (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    question text NOT NULL,
    place integer NOT NULL CHECK (place > 0),
    PRIMARY KEY (tenant, document_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice,
    FOREIGN KEY (tenant, question) REFERENCES hourline.tax_answer
);
CREATE INDEX tax_answer_use_question ON hourline.tax_answer_use (question, tenant);
COMMENT ON TABLE hourline.tax_answer_use IS '[fact by contract] An invoice whose tax is the engine''s answer, and its place among the invoices of the bill that was asked about.';

CALL control.protect_tables();
