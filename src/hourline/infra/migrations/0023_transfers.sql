-- Work lent between entities: what the lender charges for it, decided with the entry.

CREATE TABLE hourline.transfer (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    contract_no integer NOT NULL,
    lender_no integer NOT NULL,
    borrower_no integer NOT NULL,
    rule_no integer NOT NULL,
    model smallint NOT NULL,
    work_date date NOT NULL,
    seconds bigint NOT NULL CHECK (seconds >= 0),
    currency smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    accrues boolean NOT NULL,
    lender_currency smallint NOT NULL,
    lender_amount bigint NOT NULL CHECK (lender_amount >= 0),
    lender_date date NOT NULL,
    borrower_currency smallint NOT NULL,
    borrower_amount bigint CHECK (borrower_amount >= 0),
    borrower_date date NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.decision,
    CHECK (lender_no <> borrower_no),
    CHECK (accrues OR lender_amount = 0)
);
CREATE INDEX transfer_pair ON hourline.transfer (lender_no, tenant, borrower_no, work_date);
CREATE INDEX transfer_contract ON hourline.transfer (contract_no, tenant);
COMMENT ON TABLE hourline.transfer IS '[fact by contract] What a lending entity charges the contracting one for an accepted revision, in minor units of the transfer currency, with the row it came from.';
COMMENT ON COLUMN hourline.transfer.lender_amount IS 'What the lender accrued, in its currency at the rate of its accounting date; 0 where the row does not accrue.';
COMMENT ON COLUMN hourline.transfer.borrower_amount IS 'The amount in the borrower''s currency at the rate of its accounting date; null where there was no rate.';

CALL control.protect_tables();
