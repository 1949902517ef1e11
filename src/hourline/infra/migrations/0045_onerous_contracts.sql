-- Contracts that cost more than they bring are provided for.

CREATE TABLE hourline.onerous_provision (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    provision_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    run_no bigint NOT NULL,
    entity_no integer NOT NULL,
    contract_no integer NOT NULL,
    through date NOT NULL,
    currency smallint NOT NULL,
    price_left bigint NOT NULL,
    entity_currency smallint NOT NULL,
    cost_left numeric NOT NULL CHECK (cost_left >= 0),
    revenue_left bigint NOT NULL,
    realised bigint NOT NULL,
    provision bigint NOT NULL CHECK (provision >= 0),
    used bigint NOT NULL CHECK (used >= 0),
    amount bigint NOT NULL,
    PRIMARY KEY (tenant, provision_no),
    FOREIGN KEY (tenant, run_no) REFERENCES hourline.recognition_run
);
CREATE INDEX onerous_provision_contract ON hourline.onerous_provision (contract_no, provision_no, tenant);
COMMENT ON TABLE hourline.onerous_provision IS '[fact by contract] What a run found that a contract is still expected to lose, and so provided for; in minor units of the entity''s currency.';
COMMENT ON COLUMN hourline.onerous_provision.price_left IS 'What of the price is not earned yet, in minor units of the contract''s currency; revenue_left is its value.';
COMMENT ON COLUMN hourline.onerous_provision.realised IS 'Cost less revenue to date, of the lines with an estimate of cost.';
COMMENT ON COLUMN hourline.onerous_provision.used IS 'What of the provision before was realised since; amount + used is what new estimates added, below zero what they released.';
COMMENT ON COLUMN hourline.onerous_provision.amount IS 'What was booked: the provision less the one before.';

CREATE TABLE hourline.onerous_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    provision_no bigint NOT NULL,
    contract_line_no integer NOT NULL,
    method text NOT NULL,
    estimate numeric NOT NULL,
    cost bigint NOT NULL,
    price bigint NOT NULL,
    earned bigint NOT NULL,
    revenue bigint NOT NULL,
    PRIMARY KEY (tenant, provision_no, contract_line_no),
    FOREIGN KEY (tenant, provision_no) REFERENCES hourline.onerous_provision
);
COMMENT ON TABLE hourline.onerous_line IS '[fact by contract] The figures of a contract line that a provision follows from: estimate and cost to date, price and what is earned of it.';
COMMENT ON COLUMN hourline.onerous_line.estimate IS 'Of the whole cost, in minor units of the entity''s currency, as cost and revenue are; price and earned are of the contract''s.';
COMMENT ON COLUMN hourline.onerous_line.earned IS 'Of the price, to date; revenue is what of it was booked here, in the entity''s currency.';

CALL control.protect_tables();
