-- Retainers: what is billed in advance, what later invoices draw of it, and what a credit gives back.

-- Whom a customer has become after all merges: documents keep whom they were issued to, what is left of them follows.
CREATE FUNCTION hourline.survivor(number integer) RETURNS integer
    LANGUAGE sql STABLE
    RETURN (WITH RECURSIVE chain AS (
                SELECT number AS master_no, 0 AS merges
                UNION ALL
                SELECT i.merged_into, chain.merges + 1
                FROM chain JOIN hourline.master_identity i ON i.master_no = chain.master_no
                WHERE i.merged_into IS NOT NULL)
            SELECT master_no FROM chain ORDER BY merges DESC LIMIT 1);

-- Amounts that are billed as they are: 1 milestone, 2 retainer, 3 month of a recurring fee, 4 prepaid block.
ALTER TABLE hourline.milestone_reached ADD COLUMN kind smallint NOT NULL DEFAULT 1;
COMMENT ON COLUMN hourline.milestone_reached.kind IS 'What is billed: 1 milestone, 2 retainer, 3 month of a recurring fee, 4 prepaid block. Such an amount other than a milestone has a name that its contract line gives it.';

-- The database itself refuses to draw or credit more than was invoiced: the check fires on the running balance.
CREATE TABLE hourline.retainer_balance (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    line_no integer NOT NULL,
    contract_no integer NOT NULL,
    customer_no integer NOT NULL,
    gross bigint NOT NULL CHECK (gross >= 0),
    gross_credited bigint NOT NULL DEFAULT 0 CHECK (gross_credited >= 0),
    gross_drawn bigint NOT NULL DEFAULT 0 CHECK (gross_drawn >= 0),
    PRIMARY KEY (tenant, document_no, line_no),
    FOREIGN KEY (tenant, document_no, line_no) REFERENCES hourline.invoice_line,
    CONSTRAINT retainer_balance_no_more_than_there_is CHECK (gross_credited + gross_drawn <= gross)
);
CREATE INDEX retainer_balance_contract ON hourline.retainer_balance (contract_no, tenant);
COMMENT ON TABLE hourline.retainer_balance IS '[state by contract] How much of an invoiced retainer, with its tax, was drawn by later invoices or credited; never more than there is.';

CREATE TABLE hourline.drawdown (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    drawdown_no bigint NOT NULL,
    contract_no integer NOT NULL,
    retainer_document_no bigint NOT NULL,
    retainer_line_no integer NOT NULL,
    document_no bigint NOT NULL,
    credit_note_no bigint,
    gross bigint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    entity_net bigint NOT NULL,
    entity_tax bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, drawdown_no),
    FOREIGN KEY (tenant, retainer_document_no, retainer_line_no) REFERENCES hourline.retainer_balance,
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice,
    FOREIGN KEY (tenant, credit_note_no) REFERENCES hourline.invoice,
    CHECK (gross = net + tax),
    CHECK ((gross < 0) = (credit_note_no IS NOT NULL))
);
CREATE INDEX drawdown_document ON hourline.drawdown (document_no, tenant);
CREATE INDEX drawdown_retainer ON hourline.drawdown (retainer_document_no, tenant, retainer_line_no);
COMMENT ON TABLE hourline.drawdown IS '[fact by contract] An invoice is paid in part by a retainer; or a credit note gives that back, as a negative amount.';

CALL control.protect_tables();
