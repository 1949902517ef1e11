-- Intercompany invoices: the lender's document and the borrower's counter-document with the same number are one row.

CREATE TABLE hourline.intercompany_invoice (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    kind smallint NOT NULL,
    number text NOT NULL,
    lender_no integer NOT NULL,
    borrower_no integer NOT NULL,
    through date NOT NULL,
    invoice_date date NOT NULL,
    currency smallint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL CHECK (total = net + tax),
    lender_date date NOT NULL,
    lender_currency smallint NOT NULL,
    lender_total bigint NOT NULL,
    borrower_date date NOT NULL,
    borrower_currency smallint NOT NULL,
    borrower_total bigint NOT NULL,
    change_no bigint NOT NULL,
    issued_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, document_no),
    UNIQUE (tenant, lender_no, number),
    CHECK (lender_no <> borrower_no)
);
CREATE INDEX intercompany_invoice_pair ON hourline.intercompany_invoice (lender_no, tenant, borrower_no);
COMMENT ON TABLE hourline.intercompany_invoice IS '[fact by entity] An intercompany invoice, or a credit note where the total is negative, as both entities booked it; never edited.';

-- A transfer is invoiced once and taken back once at most: the key says so.
CREATE TABLE hourline.intercompany_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    line_no integer NOT NULL,
    contract_no integer NOT NULL,
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    mirrored boolean NOT NULL,
    seconds bigint NOT NULL,
    net bigint NOT NULL,
    tax_rule_no integer,
    tax_rate_ppm integer NOT NULL,
    tax bigint NOT NULL,
    accrual_reversed bigint NOT NULL,
    lender_accrual_reversed bigint NOT NULL,
    lender_net bigint NOT NULL,
    lender_tax bigint NOT NULL,
    borrower_net bigint NOT NULL,
    borrower_tax bigint NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (tenant, document_no, line_no),
    UNIQUE (tenant, entry_no, revision, mirrored),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.intercompany_invoice,
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.transfer
);
CREATE INDEX intercompany_line_contract ON hourline.intercompany_line (contract_no, tenant);
COMMENT ON TABLE hourline.intercompany_line IS '[fact by contract] A transfer on an intercompany invoice in the document''s currency and in both entities'' own; mirrored takes back one that stopped counting.';

CALL control.protect_tables();
