-- Who approved what a draft would bill, and which invoices were issued as approved.

CREATE TABLE hourline.draft_approval (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    approval_no bigint NOT NULL DEFAULT nextval('hourline.act_no_seq'),
    contract_no integer NOT NULL,
    fingerprint bytea NOT NULL,
    approver text NOT NULL CHECK (approver <> ''),
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, approval_no)
);
CREATE INDEX draft_approval_contract ON hourline.draft_approval (contract_no, tenant);
COMMENT ON TABLE hourline.draft_approval IS '[fact by contract] Somebody approved the draft of a contract; the fingerprint is of all its lines, amounts and days.';

CREATE TABLE hourline.approved_invoice (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    approval_no bigint NOT NULL,
    PRIMARY KEY (tenant, document_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice,
    FOREIGN KEY (tenant, approval_no) REFERENCES hourline.draft_approval
);
CREATE INDEX approved_invoice_approval ON hourline.approved_invoice (approval_no, tenant);
COMMENT ON TABLE hourline.approved_invoice IS '[fact by contract] An invoice that was issued exactly as its draft was approved; an approval is used once.';

CALL control.protect_tables();
