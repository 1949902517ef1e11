-- Retainage: what customers withhold of invoices until it is released.

ALTER TABLE hourline.invoice_line
    ADD COLUMN retained bigint NOT NULL DEFAULT 0,
    ADD COLUMN retained_exact bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN hourline.invoice_line.retained IS 'What the customer withholds of the line, tax included, in minor units; below zero on a credit line, what is no longer withheld.';
COMMENT ON COLUMN hourline.invoice_line.retained_exact IS 'The same before it was rounded on the running total, in 1/10000 minor units.';

CREATE TABLE hourline.retainage_release (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    release_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    contract_no integer NOT NULL,
    document_no bigint NOT NULL,
    dated date NOT NULL,
    currency smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    entity_amount bigint NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, release_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice
);
CREATE INDEX retainage_release_document ON hourline.retainage_release (document_no, tenant);
COMMENT ON TABLE hourline.retainage_release IS '[fact by contract] What was withheld of an invoice is due, in its currency and in the entity''s; who released it, and why.';

-- What is withheld in a foreign currency is valued at a period end by itself.
ALTER TABLE hourline.revaluation ADD COLUMN role smallint NOT NULL DEFAULT 5;
ALTER TABLE hourline.revaluation DROP CONSTRAINT revaluation_tenant_run_no_document_no_key;
ALTER TABLE hourline.revaluation ADD UNIQUE (tenant, run_no, document_no, role);
COMMENT ON COLUMN hourline.revaluation.role IS 'Which balance of the invoice was valued: 5 receivable, 29 retainage.';

-- As in 0034, with provisions for onerous contracts and releases of retainage.
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
            WHEN 34 THEN (
                SELECT concat('release ', r.release_no, ' of what was withheld of ', i.number)
                FROM hourline.retainage_release r
                JOIN hourline.invoice i ON i.tenant = r.tenant AND i.document_no = r.document_no
                WHERE r.release_no = cause_no)
        END,
        concat('cause ', cause, ' number ', cause_no, ' revision ', cause_revision));

CALL control.protect_tables();
