-- Invoices that are cancelled whole, and what of invoices is given up after they were issued.

CREATE TABLE hourline.invoice_cancellation (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    credit_note_no bigint NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, document_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice,
    FOREIGN KEY (tenant, credit_note_no) REFERENCES hourline.invoice
);
COMMENT ON TABLE hourline.invoice_cancellation IS '[fact by contract] An invoice was cancelled whole by a credit note of everything on it.';

CREATE TABLE hourline.invoice_write_off (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    write_off_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    document_no bigint NOT NULL,
    credit_note_no bigint,
    dated date NOT NULL,
    currency smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0),
    entity_amount bigint NOT NULL,
    actor text,
    reason text,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, write_off_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice,
    FOREIGN KEY (tenant, credit_note_no) REFERENCES hourline.invoice,
    CHECK ((amount < 0) = (credit_note_no IS NOT NULL)),
    CHECK ((actor IS NULL) = (credit_note_no IS NOT NULL) AND (reason IS NULL) = (actor IS NULL))
);
CREATE INDEX invoice_write_off_document ON hourline.invoice_write_off (document_no, tenant);
COMMENT ON TABLE hourline.invoice_write_off IS '[fact by contract] What of an invoice a person gave up, in its currency and in the entity''s; below zero what a credit note took back of that.';

-- As in 0033, with write-offs of invoices.
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
        END,
        concat('cause ', cause, ' number ', cause_no, ' revision ', cause_revision));

CALL control.protect_tables();
