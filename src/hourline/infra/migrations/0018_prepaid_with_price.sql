-- Prepaid hours that are sold here: the block as an item of an invoice, and what of its price is earned.

CREATE TABLE hourline.sold_block (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_line_no integer NOT NULL,
    milestone text NOT NULL,
    block_no integer NOT NULL,
    contract_no integer NOT NULL,
    entity_no integer NOT NULL,
    currency smallint NOT NULL,
    description text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, contract_line_no, milestone),
    UNIQUE (tenant, block_no),
    FOREIGN KEY (tenant, contract_line_no, milestone) REFERENCES hourline.milestone_reached
);
CREATE INDEX sold_block_contract ON hourline.sold_block (contract_no, tenant);
COMMENT ON TABLE hourline.sold_block IS '[fact by contract] A block of prepaid hours that was put on an invoice, as an amount like a milestone''s: what it bills is a liability until it is earned.';

CREATE SEQUENCE hourline.earning_no_seq;

CREATE TABLE hourline.block_earning (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    earning_no bigint NOT NULL DEFAULT nextval('hourline.earning_no_seq'),
    block_no integer NOT NULL,
    contract_no integer NOT NULL,
    allotment_no bigint,
    expired_through date,
    seconds_used bigint NOT NULL CHECK (seconds_used >= 0),
    amount bigint NOT NULL,
    entity_amount bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, earning_no),
    FOREIGN KEY (tenant, block_no) REFERENCES hourline.sold_block (tenant, block_no),
    FOREIGN KEY (tenant, allotment_no) REFERENCES hourline.allotment_act
);
CREATE INDEX block_earning_block ON hourline.block_earning (block_no, tenant);
CREATE INDEX block_earning_contract ON hourline.block_earning (contract_no, tenant);
COMMENT ON TABLE hourline.block_earning IS '[fact by contract] What more (or less, below zero) of a block''s invoiced price is earned once so many seconds of it are used; through which day it had expired, where that earned the rest.';

CALL control.protect_tables();
