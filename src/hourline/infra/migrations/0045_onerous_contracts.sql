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

-- As in 0034, with provisions for onerous contracts.
CREATE OR REPLACE FUNCTION hourline.cause_name(cause smallint, cause_no bigint, cause_revision integer) RETURNS text
    LANGUAGE sql STABLE
    RETURN coalesce(
        CASE cause
            WHEN 1 THEN (
                SELECT concat('entry ', c.name, '/', e.source_id, ' revision ', cause_revision)
                FROM hourline.time_entry e
                JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
                WHERE e.entry_no = cause_no)
            WHEN 2 THEN (SELECT 'invoice ' || i.number FROM hourline.invoice i WHERE i.document_no = cause_no)
            WHEN 3 THEN (SELECT 'credit note ' || i.number FROM hourline.invoice i WHERE i.document_no = cause_no)
            WHEN 4 THEN (
                SELECT concat('payment ', y.reference, ' of ', i.number)
                FROM hourline.payment y
                JOIN hourline.invoice i ON i.tenant = y.tenant AND i.document_no = y.document_no
                WHERE y.payment_no = cause_no)
            WHEN 21 THEN (
                SELECT concat('allotment ', a.allotment_no, ' of entry ', c.name, '/', e.source_id, ' revision ', a.revision)
                FROM hourline.allotment_act a
                JOIN hourline.time_entry e ON e.tenant = a.tenant AND e.entry_no = a.entry_no
                JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
                WHERE a.allotment_no = cause_no)
            WHEN 22 THEN (
                SELECT concat('revenue of ', l.id, ' through ', r.through, ', number ', r.recognition_no)
                FROM hourline.revenue_recognised r
                JOIN hourline.master_identity l ON l.tenant = r.tenant AND l.master_no = r.contract_line_no
                WHERE r.recognition_no = cause_no)
            WHEN 23 THEN (
                SELECT concat('earning ', g.earning_no, ' of prepaid block ', b.id)
                FROM hourline.block_earning g
                JOIN hourline.master_identity b ON b.tenant = g.tenant AND b.master_no = g.block_no
                WHERE g.earning_no = cause_no)
            WHEN 24 THEN (
                SELECT concat('drawdown ', w.drawdown_no, ' of retainer ', r.number, ' for ', i.number)
                FROM hourline.drawdown w
                JOIN hourline.invoice r ON r.tenant = w.tenant AND r.document_no = w.retainer_document_no
                JOIN hourline.invoice i ON i.tenant = w.tenant AND i.document_no = w.document_no
                WHERE w.drawdown_no = cause_no)
            WHEN 25 THEN (
                SELECT concat('intercompany ', CASE i.kind WHEN 1 THEN 'invoice ' ELSE 'credit note ' END, i.number,
                              CASE cause_revision WHEN 0 THEN '' ELSE ' at the borrower' END)
                FROM hourline.intercompany_invoice i WHERE i.document_no = cause_no)
            WHEN 27 THEN (
                SELECT concat('revaluation ', v.revaluation_no, ' of ', i.number, ' through ', r.through)
                FROM hourline.revaluation v
                JOIN hourline.revaluation_run r ON r.tenant = v.tenant AND r.run_no = v.run_no
                JOIN hourline.invoice i ON i.tenant = v.tenant AND i.document_no = v.document_no
                WHERE v.revaluation_no = cause_no)
            WHEN 28 THEN (
                SELECT concat('match ', m.match_no, ' of vendor bill ', i.id, '/', b.reference, ' line ', m.line_no)
                FROM hourline.vendor_match m
                JOIN hourline.vendor_bill b ON b.tenant = m.tenant AND b.bill_no = m.bill_no
                JOIN hourline.master_identity i ON i.tenant = b.tenant AND i.master_no = b.vendor_no
                WHERE m.match_no = cause_no)
            WHEN 29 THEN (
                SELECT concat('write-off ', w.write_off_no, ' of ', i.number)
                FROM hourline.invoice_write_off w
                JOIN hourline.invoice i ON i.tenant = w.tenant AND i.document_no = w.document_no
                WHERE w.write_off_no = cause_no)
            WHEN 33 THEN (
                SELECT concat('provision for ', k.id, ' through ', o.through, ', number ', o.provision_no)
                FROM hourline.onerous_provision o
                JOIN hourline.master_identity k ON k.tenant = o.tenant AND k.master_no = o.contract_no
                WHERE o.provision_no = cause_no)
        END,
        concat('cause ', cause, ' number ', cause_no, ' revision ', cause_revision));

CALL control.protect_tables();
