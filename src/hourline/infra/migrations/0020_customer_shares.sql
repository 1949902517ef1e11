-- Several customers of one contract: each is invoiced its share, and what is credited to one is open for that one only.

ALTER TABLE hourline.invoice_line
    ADD COLUMN share_ppm integer NOT NULL DEFAULT 1000000 CHECK (share_ppm BETWEEN 1 AND 1000000);
COMMENT ON COLUMN hourline.invoice_line.share_ppm IS 'The share of the work that the line bills its customer, in millionths.';

-- What is billed of a portion is what the customer has that was billed most of it. How much less the others have:
ALTER TABLE hourline.billed_portion
    ADD COLUMN seconds_uneven bigint NOT NULL DEFAULT 0 CHECK (seconds_uneven BETWEEN 0 AND seconds_billed),
    ADD COLUMN units_uneven bigint NOT NULL DEFAULT 0 CHECK (units_uneven BETWEEN 0 AND units_billed),
    ADD COLUMN weight_uneven bigint NOT NULL DEFAULT 0 CHECK (weight_uneven >= 0);
COMMENT ON COLUMN hourline.billed_portion.seconds_uneven IS 'How much of what is billed to one customer of the contract is open for another: the largest difference, in seconds.';
COMMENT ON COLUMN hourline.billed_portion.units_uneven IS 'As seconds_uneven, in the units of an expense.';
COMMENT ON COLUMN hourline.billed_portion.weight_uneven IS 'How much of what is billed is open for others, each by its share, in millionths of a second or unit.';

CREATE TABLE hourline.portion_share (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    part smallint NOT NULL,
    customer_no integer NOT NULL,
    contract_no integer NOT NULL,
    position integer NOT NULL,
    share_ppm integer NOT NULL CHECK (share_ppm BETWEEN 1 AND 1000000),
    takes_difference boolean NOT NULL,
    seconds bigint NOT NULL,
    seconds_billed bigint NOT NULL DEFAULT 0 CHECK (seconds_billed BETWEEN 0 AND seconds),
    units bigint NOT NULL,
    units_billed bigint NOT NULL DEFAULT 0 CHECK (units_billed BETWEEN 0 AND units),
    PRIMARY KEY (tenant, entry_no, revision, part, customer_no),
    FOREIGN KEY (tenant, entry_no, revision, part) REFERENCES hourline.billed_portion
);
CREATE INDEX portion_share_contract ON hourline.portion_share (contract_no, tenant);
COMMENT ON TABLE hourline.portion_share IS '[state by contract] How much of a portion stands on live invoice lines of one of several customers; never more than there is. Its shares are those it was first billed by.';

CREATE TABLE hourline.milestone_share (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_line_no integer NOT NULL,
    milestone text NOT NULL,
    customer_no integer NOT NULL,
    contract_no integer NOT NULL,
    position integer NOT NULL,
    share_ppm integer NOT NULL CHECK (share_ppm BETWEEN 1 AND 1000000),
    takes_difference boolean NOT NULL,
    amount bigint NOT NULL,
    amount_billed bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, contract_line_no, milestone, customer_no),
    FOREIGN KEY (tenant, contract_line_no, milestone) REFERENCES hourline.milestone_reached,
    CHECK (amount_billed BETWEEN 0 AND amount)
);
CREATE INDEX milestone_share_contract ON hourline.milestone_share (contract_no, tenant);
COMMENT ON TABLE hourline.milestone_share IS '[state by contract] The part of a milestone, or of another amount billed as it is, that falls to one of several customers, and how much of it stands on live invoice lines.';

CALL control.protect_tables();
