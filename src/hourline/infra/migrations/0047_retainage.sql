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

-- The causes that were there before keep their names; this adds one.
ALTER FUNCTION hourline.cause_name(smallint, bigint, integer) RENAME TO cause_name_without_retainage;
CREATE FUNCTION hourline.cause_name(cause smallint, cause_no bigint, cause_revision integer) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE cause
        WHEN 34 THEN (
            SELECT concat('release ', r.release_no, ' of what was withheld of ', i.number)
            FROM hourline.retainage_release r
            JOIN hourline.invoice i ON i.tenant = r.tenant AND i.document_no = r.document_no
            WHERE r.release_no = cause_no)
        ELSE hourline.cause_name_without_retainage(cause, cause_no, cause_revision)
    END;

CALL control.protect_tables();
