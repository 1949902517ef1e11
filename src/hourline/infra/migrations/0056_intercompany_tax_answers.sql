-- What an external tax engine answered about intercompany invoices, and which of them have its tax.

CREATE TABLE hourline.intercompany_tax_answer (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    question text NOT NULL,
    entity_no integer NOT NULL,
    connection text NOT NULL,
    reference text NOT NULL,
    asked jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, question)
);
COMMENT ON TABLE hourline.intercompany_tax_answer IS '[fact by entity] What a tax engine was asked once about an intercompany invoice of the entity that lends, and under which reference it answered; the question is the SHA-256 of what was asked.';

CREATE TABLE hourline.intercompany_tax_answer_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    question text NOT NULL,
    line_id text NOT NULL,
    entity_no integer NOT NULL,
    code text NOT NULL,
    rate_ppm integer NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
    tax bigint NOT NULL,
    PRIMARY KEY (tenant, question, line_id),
    FOREIGN KEY (tenant, question) REFERENCES hourline.intercompany_tax_answer
);
COMMENT ON TABLE hourline.intercompany_tax_answer_line IS '[fact by entity] Code, rate and tax of one line of the answer, in minor units; the line is the number on the invoice.';

CREATE TABLE hourline.intercompany_tax_answer_use (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    question text NOT NULL,
    PRIMARY KEY (tenant, document_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.intercompany_invoice,
    FOREIGN KEY (tenant, question) REFERENCES hourline.intercompany_tax_answer
);
CREATE INDEX intercompany_tax_answer_use_question ON hourline.intercompany_tax_answer_use (question, tenant);
COMMENT ON TABLE hourline.intercompany_tax_answer_use IS '[fact by entity] An intercompany invoice whose new lines have the tax that the engine answered; what it takes back keeps the tax it was charged with.';

CALL control.protect_tables();
