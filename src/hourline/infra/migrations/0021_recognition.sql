-- Months of recurring fees, what contracts were invoiced and earned, and the revenue that was recognised.

CREATE TABLE hourline.recurring_month (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_line_no integer NOT NULL,
    milestone text NOT NULL,
    contract_no integer NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    month_days smallint NOT NULL,
    monthly_amount bigint NOT NULL CHECK (monthly_amount >= 0),
    PRIMARY KEY (tenant, contract_line_no, milestone),
    FOREIGN KEY (tenant, contract_line_no, milestone) REFERENCES hourline.milestone_reached,
    CHECK (last_day - first_day < month_days)
);
COMMENT ON TABLE hourline.recurring_month IS '[fact by contract] A month of a recurring fee that was billed: the days it is for, of how many, and the fee of a whole month; its amount is that of its milestone.';

CREATE SEQUENCE hourline.position_no_seq;

CREATE TABLE hourline.position_change (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    position_no bigint NOT NULL DEFAULT nextval('hourline.position_no_seq'),
    cause smallint NOT NULL,
    cause_no bigint NOT NULL,
    part integer NOT NULL,
    contract_no integer NOT NULL,
    contract_line_no integer,
    currency smallint NOT NULL,
    amount bigint NOT NULL,
    entity_currency smallint NOT NULL,
    entity_amount bigint NOT NULL,
    entity_residue bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, cause, cause_no, part)
);
CREATE INDEX position_change_contract ON hourline.position_change (tenant, contract_no, position_no);
COMMENT ON TABLE hourline.position_change IS '[fact by contract] What a document line, a recognition or a balance taken over did to what its contract was invoiced less what it earned: above zero a contract liability, below zero a contract asset. Retainers and prepaid hours are apart.';
COMMENT ON COLUMN hourline.position_change.entity_residue IS 'What a difference of rates left where nothing was open any more; it went to fx_gain_loss.';

-- Balances that were taken over before stand in the ledger already; of a contract they are all of one side.
ALTER TABLE hourline.opening_position NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hourline.opening_reversal NO FORCE ROW LEVEL SECURITY;
INSERT INTO hourline.position_change
    (tenant, cause, cause_no, part, contract_no, contract_line_no, currency, amount, entity_currency, entity_amount)
SELECT o.tenant, 40, o.position_no, 0, o.contract_no, NULL, o.currency,
       CASE WHEN o.contract_asset > 0 THEN -o.contract_asset WHEN o.kind = 3 THEN o.amount ELSE o.contract_liability END,
       o.entity_currency, CASE WHEN o.contract_asset > 0 THEN -o.entity_amount ELSE o.entity_amount END
FROM hourline.opening_position o
WHERE (o.kind = 3 OR o.contract_asset > 0 OR o.contract_liability > 0)
  AND NOT EXISTS (SELECT FROM hourline.opening_reversal x WHERE x.tenant = o.tenant AND x.position_no = o.position_no)
ORDER BY o.position_no;

CREATE TABLE hourline.recognition_run (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    run_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    entity_no integer NOT NULL,
    through date NOT NULL,
    accounting_date date NOT NULL,
    change_no bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, run_no)
);
COMMENT ON TABLE hourline.recognition_run IS '[fact by entity] A run of revenue recognition that found something to record.';

CREATE TABLE hourline.revenue_recognised (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    recognition_no bigint NOT NULL,
    run_no bigint NOT NULL,
    contract_no integer NOT NULL,
    contract_line_no integer NOT NULL,
    through date NOT NULL,
    method text NOT NULL,
    price bigint NOT NULL,
    settled bigint NOT NULL,
    done numeric NOT NULL,
    done_before numeric NOT NULL DEFAULT 0,
    whole numeric NOT NULL,
    earned_numerator numeric NOT NULL,
    earned_denominator numeric NOT NULL CHECK (earned_denominator > 0),
    earned bigint NOT NULL,
    booked_elsewhere bigint NOT NULL DEFAULT 0,
    currency smallint NOT NULL,
    amount bigint NOT NULL,
    entity_currency smallint NOT NULL,
    entity_amount bigint NOT NULL,
    PRIMARY KEY (tenant, recognition_no),
    FOREIGN KEY (tenant, run_no) REFERENCES hourline.recognition_run
);
CREATE INDEX revenue_recognised_line ON hourline.revenue_recognised (tenant, contract_line_no, recognition_no);
COMMENT ON TABLE hourline.revenue_recognised IS '[fact by contract] What a run found that a contract line has earned to date, from which figures, and what of it was new.';
COMMENT ON COLUMN hourline.revenue_recognised.whole IS 'What done is a part of: the estimate, the days or the milestones.';

CALL control.protect_tables();
