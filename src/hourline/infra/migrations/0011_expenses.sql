-- Approved expenses: entries without hours, with a cost in a currency of their own.

CREATE TABLE hourline.expense_version (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    cost bigint NOT NULL CHECK (cost >= 0),
    currency smallint NOT NULL,
    markup_ppm integer NOT NULL CHECK (markup_ppm >= -1000000),
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.time_entry_version
);
COMMENT ON TABLE hourline.expense_version IS '[fact by tenant] What an approved expense cost, in minor units of its own currency, and its markup; an entry without such a row is time.';

CREATE TABLE hourline.priced_expense (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    contract_no integer NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    worth_numerator numeric NOT NULL,
    worth_denominator numeric NOT NULL CHECK (worth_denominator > 0),
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.decision
);
COMMENT ON TABLE hourline.priced_expense IS '[fact by contract] What an accepted expense is worth to the customer, in minor units of the contract''s currency: rounded, and exactly as a ratio.';

-- An expense has no seconds to bill: it is billed by units, one for each minor unit of its rounded amount.
ALTER TABLE hourline.invoice_line ADD COLUMN units bigint NOT NULL DEFAULT 0;
CREATE INDEX invoice_line_expense ON hourline.invoice_line (tenant, contract_no) WHERE units <> 0;
ALTER TABLE hourline.billed_portion
    ADD COLUMN units bigint NOT NULL DEFAULT 0,
    ADD COLUMN units_billed bigint NOT NULL DEFAULT 0;
ALTER TABLE hourline.billed_portion
    ADD CONSTRAINT billed_portion_units_check CHECK (units_billed BETWEEN 0 AND units) NOT VALID;
ALTER TABLE hourline.billed_portion VALIDATE CONSTRAINT billed_portion_units_check;

CALL control.protect_tables();
